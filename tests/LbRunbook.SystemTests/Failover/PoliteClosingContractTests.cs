using LbRunbook.Adapters;
using LbRunbook.Core.Config;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using LbRunbook.Engine.Journal;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using LbRunbook.TestKit.Contracts;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>The close map of a real HAProxy, over SSH.</summary>
[Collection(SharedLab.Name)]
public sealed class PoliteClosingContractTests(LabFixture lab) : PoliteClosingContract, IAsyncLifetime
{
    private Fleet? _fleet;
    private AdapterSet? _adapters;

    private Node Node => _fleet!.Node("lb2");
    protected override IPoliteClosing Closing => _adapters!.Balancer("lb2").Closing;

    public async ValueTask InitializeAsync()
    {
        (await Operator.AtAsync(lab)).Dispose();
        _fleet = ConfigLoader.Load(lab.Config).Fleet!;
        _adapters = AdapterSet.Open(_fleet, new CircuitStore(OwnState.Paths));
    }

    public async ValueTask DisposeAsync()
    {
        if (_adapters is not null)
            await _adapters.DisposeAsync();
    }

    protected override async Task RunAsync(bool run)
    {
        await (run
            ? _adapters!.Services.StartAsync(Node, CancellationToken.None)
            : _adapters!.Services.StopAsync(Node, CancellationToken.None));
        // It runs before its socket answers.
        if (run)
            await Poll.UntilAsync(WhyNotAsync, why => why is null, why => why!);
    }

    private async Task<string?> WhyNotAsync()
    {
        try
        {
            await Closing.ReadAsync(TestContext.Current.CancellationToken);
            return null;
        }
        catch (AdapterException e)
        {
            return e.Message;
        }
    }
}
