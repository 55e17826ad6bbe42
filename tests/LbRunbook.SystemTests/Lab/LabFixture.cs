using LbRunbook.Adapters.Processes;
using LbRunbook.Lab;
using LbRunbook.Lab.Faults;
using Xunit;

namespace LbRunbook.SystemTests.Lab;

/// <summary>
/// One lab for all tests of the collection, which therefore run one after the other; each leaves it as it found it.
/// Use: <c>[Collection(SharedLab.Name)] class … (LabFixture lab)</c> and <c>lab.Require()</c> first in every test.
/// </summary>
[CollectionDefinition(Name)]
public sealed class SharedLab : ICollectionFixture<LabFixture>
{
    public const string Name = "lab";
}

/// <summary>For those that count requests (<see cref="Support.CountsRequestsAttribute"/>).</summary>
[CollectionDefinition(Name)]
public sealed class TrafficLab : ICollectionFixture<LabFixture>
{
    public const string Name = "traffic";
}

public class LabFixture : IAsyncLifetime
{
    private string? _missing;

    public string Name { get; } = LabNames.Fresh();

    /// <summary>What else is said to <c>lbctl lab up</c>.</summary>
    protected virtual IReadOnlyList<string> UpOptions => [];
    internal LabState State => LabStateFile.TryRead(new LabPaths(Name)) ?? throw new InvalidOperationException($"lab {Name} is gone");
    internal LabAddresses Addresses => State.Addresses;

    /// <summary>For other verbs: <c>lbctl</c> + <see cref="Option"/> + <c>assess</c>.</summary>
    public string Option => $"--lab={Name}";
    public string Config => new LabPaths(Name).Config;

    public async ValueTask InitializeAsync()
    {
        _missing = LabNames.WhyNoLab();
        if (_missing is null)
            await Lbctl.ExpectAsync(0, ["lab", "up", "--name", Name, .. UpOptions]);
    }

    /// <summary>Skips the test, visibly, where there can be no lab.</summary>
    public void Require() => Assert.SkipWhen(_missing is not null, _missing ?? "");

    public string AddressOf(string host) => Addresses.V4(State.FindHost(host)!.Number);

    /// <summary>A command on a host as its root, from the inside: a tenth of the work of a login over SSH.</summary>
    internal Task<ProcessResult> ExecAsync(string host, params IReadOnlyList<string> command)
    {
        var leader = LabProcesses.LeaderOf(Addresses.ObjectOf(host)) ?? throw new InvalidOperationException($"{host} is not running");
        return LabCommands.TryAsync(["nsenter", "--target", $"{leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--", .. command],
            TestContext.Current.CancellationToken);
    }

    /// <summary>As <c>lbctl lab break</c> does it.</summary>
    public Task BreakAsync(string fault, string host) =>
        new LabFaultRunner(new(Name)).BreakAsync(LabFaultCatalog.Find(fault), host, TestContext.Current.CancellationToken);

    public Task HealAsync() => new LabFaultRunner(new(Name)).HealAllAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_missing is not null)
            return;
        try
        {
            await LeaveAsync();
        }
        finally
        {
            await Lbctl.RunAsync("lab", "down", "--name", Name);
        }
    }

    /// <summary>After the last test, before the lab is gone: what is to be so then. What it throws is an error of the suite.</summary>
    protected virtual Task LeaveAsync() => Task.CompletedTask;
}

internal static class LabNames
{
    private static int s_count;

    /// <summary>Unique on this machine: several test runs may be under way.</summary>
    public static string Fresh() => $"t{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";

    public static string? WhyNoLab()
    {
        try
        {
            LabPreflight.Require("haproxy");
            return null;
        }
        catch (LabException missing)
        {
            return missing.Message;
        }
    }
}
