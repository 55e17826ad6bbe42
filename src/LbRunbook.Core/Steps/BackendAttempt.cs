using System.Globalization;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <param name="GaveBack">It got its traffic back as it is: nothing more may be tried.</param>
internal sealed record AttemptEnd(bool Well, string Words, bool GaveBack = false);

/// <summary>One attempt to make a backend well, and the way back for its traffic when the pool runs short meanwhile.</summary>
internal sealed class BackendAttempt(StepContext context, BackendKnown known, double minimumShare, TimeSpan patience)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ReturnLimit = TimeSpan.FromSeconds(8);

    private bool _kill;

    /// <exception cref="AdapterException">The login or sudo refuses: the next attempt would be refused as well.</exception>
    public async Task<AttemptEnd> RunAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(patience, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var last = "its service did not come back";
        try
        {
            await RestartAsync(both.Token);
            for (var passed = 0; ; await Task.Delay(Pause, context.Time, both.Token))
            {
                var look = await BackendHealth.TakeAsync(context, known, both.Token);
                passed = look.Well ? passed + 1 : 0;
                if (passed >= Math.Max(1, context.Fleet.Thresholds.Rise))
                    return new(true, look.Words);
                last = look.Words;
                // What has failed for good does not become well by waiting.
                if (look.Service is { Active: false, SubState: "failed" })
                    return new(false, last);
                if (!look.Well && await GiveBackIfNeededAsync(both.Token) is { } gaveBack)
                    return new(false, gaveBack, GaveBack: true);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(false, $"{last} (after {patience.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s)");
        }
        catch (AdapterException e) when (e.Reach is not (Reach.PermissionDenied or Reach.SudoNeedsPassword or Reach.HostKeyChanged))
        {
            return new(false, e.Message);
        }
    }

    /// <returns>Not null = the traffic was given back, and why.</returns>
    public async Task<string?> GiveBackIfNeededAsync(CancellationToken cancellation)
    {
        var servers = await known.ServersAsync(context, cancellation);
        if (servers.FirstOrDefault(s => s.OthersShare < minimumShare) is not { } low || servers.All(s => s.Server.InRotation))
            return null;
        if (!await BackendHealth.PassesShallowAsync(context, known, servers, cancellation))
            return null;
        var share = low.OthersShare.ToString("0", CultureInfo.InvariantCulture);
        context.Note($"only {share} % of {known.Pool.Name} is in rotation on {low.Node.Name} without {known.Backend.Name}, which passes "
            + "its check: it gets traffic again first");
        var returned = await Task.WhenAll(servers.Where(s => !s.Server.InRotation).Select(s => ReturnAsync(s, cancellation)));
        return returned.Any(r => r)
            ? $"{known.Pool.Name} on {low.Node.Name} was down to {share} % without {known.Backend.Name}, so it got its traffic back "
                + "before anything else; it is not repaired"
            : null;
    }

    private async Task RestartAsync(CancellationToken cancellation)
    {
        var kill = _kill;
        // Unless this one ends in time, the next one does not ask politely.
        _kill = true;
        try
        {
            await context.Ports.BackendHosts.RestartAsync(known.Backend, kill, patience, cancellation);
            _kill = false;
        }
        catch (AdapterException e) when (e.Reach != Reach.TimedOut)
        {
            _kill = false;
            throw;
        }
    }

    /// <returns>False = the proxy's own check did not pass: it is out of rotation as before.</returns>
    private async Task<bool> ReturnAsync(BackendServer server, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(ReturnLimit, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await new ServerReturnStep(server.Node.Name, server.Name).ApplyAsync(context, both.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await context.Ports.Balancer(server.Node.Name).SetStateAsync(server.Name, AdminState.Maint, cancellation);
            return false;
        }
        if (server.Server.AgentSpeaks == false)
            await context.Ports.Balancer(server.Node.Name).SetAgentAsync(server.Name, speaks: true, cancellation);
        if (await context.Ports.Balancer(server.Node.Name).WhyNotKeptAsync(cancellation) is null)
            await context.Ports.Balancer(server.Node.Name).KeepAsync(cancellation);
        return true;
    }
}
