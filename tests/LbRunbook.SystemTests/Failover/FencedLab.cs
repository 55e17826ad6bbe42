using LbRunbook.Lab;
using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>The lab's configuration with a fence on lb1, and the ways to break what the lab's own faults do not.</summary>
internal sealed class FencedLab(Operator op, LabFixture lab) : IAsyncDisposable
{
    private readonly List<IReadOnlyList<string>> _cleanUp = [];

    private string Namespace => lab.Addresses.ObjectOf("lb1");

    /// <summary>An address of lb1 that only <see cref="CutMainAddressAsync"/> leaves open.</summary>
    public string OtherAddress => $"{lab.AddressOf("lb1")[..lab.AddressOf("lb1").LastIndexOf('.')]}.111";

    /// <param name="fence">The YAML of one method, or of a list.</param>
    public string ConfigWith(string fence)
    {
        var text = File.ReadAllText(lab.Config);
        var line = text.Split('\n').Single(l => l.Contains("{name: lb1,", StringComparison.Ordinal));
        return op.Write("fenced.yaml",
            text.Replace(line, line.Replace("interface: eth0", $"fence: {fence}, interface: eth0", StringComparison.Ordinal),
                StringComparison.Ordinal));
    }

    /// <summary>A program that gets the node's name as $1.</summary>
    public string Agent(string script)
    {
        var path = op.Write("agent.sh", $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public async Task<RunReport> FailoverAsync(string config, params string[] more) =>
        RunReport.Of(await op.RawAsync(["--config", config, "failover", "lb1", "lb2", "--output", "json", .. more]));

    /// <summary>SSH to its usual address is dropped; another address of the same machine stays open.</summary>
    public async Task CutMainAddressAsync()
    {
        await RunAsync(["ip", "-n", Namespace, "addr", "add", $"{OtherAddress}/24", "dev", "eth0"]);
        _cleanUp.Add(["ip", "-n", Namespace, "addr", "del", $"{OtherAddress}/24", "dev", "eth0"]);
        await RunAsync(["ip", "netns", "exec", Namespace, "nft", "add", "table", "inet", "cut_main"]);
        _cleanUp.Add(["ip", "netns", "exec", Namespace, "nft", "delete", "table", "inet", "cut_main"]);
        await RunAsync(["ip", "netns", "exec", Namespace, "nft",
            "add chain inet cut_main input { type filter hook input priority -300; }"]);
        await RunAsync(["ip", "netns", "exec", Namespace, "nft", "add", "rule", "inet", "cut_main", "input", "ip", "daddr",
            lab.AddressOf("lb1"), "tcp", "dport", "22", "drop"]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in Enumerable.Reverse(_cleanUp))
            await LabCommands.TryAsync(command, CancellationToken.None);
    }

    private static Task<string> RunAsync(IReadOnlyList<string> command) =>
        LabCommands.RunAsync(string.Join(' ', command), command, TestContext.Current.CancellationToken);
}
