using LbRunbook.Lab;
using LbRunbook.Lab.Files;
using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Keepalived;

/// <summary>A lab of its own whose virtual IPs keepalived carries.</summary>
public class KeepalivedLab : LabFixture
{
    private const string Path = "/etc/keepalived/keepalived.conf";

    protected virtual string Variant => "preempt";
    protected override IReadOnlyList<string> UpOptions => ["--keepalived", Variant];

    /// <summary>Everything as after `lab up`: both run with the configuration as written, lb1 is the master of both addresses.</summary>
    internal async Task<Operator> OperatorAsync()
    {
        Require();
        Assert.SkipWhen(!System.IO.File.Exists("/usr/sbin/keepalived"), "keepalived is not installed");
        if (State.Faults.Count > 0)
            await HealAsync();
        var segment = new LabSegment(State);
        await ShAsync("lb1", "rm -f /usr/local/sbin/keepalived");
        if (!await IsPristineAsync(segment))
        {
            foreach (var host in (string[])["lb1", "lb2"])
                await ShAsync(host, "pkill -CONT -x keepalived; systemctl stop keepalived; pkill -KILL -x keepalived; printf %s \"$1\" "
                    + $">{Path}; [ ! -e {KeepalivedFiles.TrackFile} ] || echo 0 >{KeepalivedFiles.TrackFile}; "
                    + $"ip addr del {Addresses.VipV4}/32 dev eth0; ip addr del {Addresses.VipV6}/128 dev eth0; rm -f "
                    + "/run/keepalived*.pid; systemctl reset-failed; :", Written(host));
            await ShAsync("lb1", "systemctl start keepalived");
            await BecomesAsync(segment, LabSegment.BothOn("lb1"));
            await ShAsync("lb2", "systemctl start keepalived");
        }
        return Operator.At(segment);
    }

    /// <summary>What `lab up` wrote.</summary>
    internal string Written(string host) => KeepalivedFiles.Config(State, State.FindHost(host)!);

    internal async Task<string> ConfigAsync(string host) => await ShAsync(host, $"cat {Path}");

    /// <returns>Its output; it must end well.</returns>
    internal async Task<string> ShAsync(string host, string script, params string[] arguments)
    {
        var result = await ExecAsync(host, ["sh", "-c", script, "sh", .. arguments]);
        Assert.True(result.Ok, $"{host}: {script}: {result.Output}{result.Error}");
        return result.Output;
    }

    /// <summary>"active" or systemd's other word.</summary>
    internal async Task<string> ServiceAsync(string host) => (await ExecAsync(host, "systemctl", "is-active", "keepalived")).Output.Trim();

    internal async Task FreezeAsync(string host) =>
        await ShAsync(host, "kill -STOP $(pgrep -P $(systemctl show -P MainPID keepalived) -x keepalived)");

    /// <summary>The parent last: alone it would tell its child to clean up.</summary>
    internal async Task KillAsync(string host) =>
        await ShAsync(host, "main=$(systemctl show -P MainPID keepalived); kill -STOP $main; kill -KILL $(pgrep -P $main -x "
            + "keepalived); kill -KILL $main");

    internal static Task BecomesAsync(LabSegment segment, string holders) =>
        Support.Poll.UntilAsync(segment.HoldersAsync, seen => seen == holders, seen => $"{seen}, expected {holders}");

    private async Task<bool> IsPristineAsync(LabSegment segment)
    {
        foreach (var host in (string[])["lb1", "lb2"])
            if (await ConfigAsync(host) != Written(host) || await ServiceAsync(host) != "active"
                || await ShAsync(host, "ps -o stat= -C keepalived | grep -c T || :") is not "0\n"
                || await ShAsync(host, $"cat {KeepalivedFiles.TrackFile} 2>/dev/null || :") is not ("" or "0\n"))
                return false;
        return await segment.HoldersAsync() == LabSegment.BothOn("lb1");
    }
}

public sealed class NoPreemptLab : KeepalivedLab
{
    protected override string Variant => "nopreempt";
}

public sealed class TrackFileLab : KeepalivedLab
{
    protected override string Variant => "track-file";
}
