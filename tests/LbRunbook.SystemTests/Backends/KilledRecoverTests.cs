using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Backends;

/// <summary>kill -9 after the intent and after the end of every step of a recovery: taken back, or finished and then taken back.</summary>
public abstract class KilledRecoverTests(LabFixture lab, ITestOutputHelper output)
{
    private static readonly string[] Recover = ["auto-recover", "web1", "--wait", "20s", "--ramp", "0s"];

    private protected LabFixture Lab => lab;

    /// <summary>A dead backend is given no traffic by an undo, which waits for its check and then fails.</summary>
    private protected virtual bool MustLive => false;

    /// <summary>Both nodes and the backend; what says whether it runs begins with "op=".</summary>
    private protected abstract Task<string> StatesAsync();

    /// <summary>All that watch web1 know that it is dead: what a proxy takes for well comes back only when it passes its check.</summary>
    private protected abstract bool IsSeenDead(string states);

    [Fact]
    public async Task Recovery_KilledAnywhere_CanBeTakenBackOrFinished()
    {
        using var first = await Operator.AtAsync(lab);
        var whole = await StatesAsync();
        for (var k = 1; ; k++)
        {
            Assert.True(k < 120, "this loop does not end");
            using var op = await Operator.AtAsync(lab);
            await BackendFaults.KillAsync(lab, "web1");
            await Support.Poll.UntilAsync(StatesAsync, IsSeenDead, s => s);
            var before = await SettledAsync();
            if (await KilledRun.AttemptAsync(op, k, kinds: true, Recover) is not { } killed)
            {
                output.WriteLine($"killed {k - 1} times");
                Assert.True(k > 5, $"only killed {k - 1} times");
                return;
            }
            if (!killed.GoesBack && !KilledRun.IsComplete(op))
            {
                var resumed = await op.RunAsync("resume");
                Assert.True(resumed.ExitCode == 0, $"{killed}: resume: {resumed}");
                await ExpectAsync(whole, $"{killed}, then resumed");
            }
            if (MustLive)
                await lab.ExecAsync("web1", "systemctl", "start", "lab-backend");
            var undo = await op.RunAsync("undo");
            Assert.True(undo.ExitCode is 0 or 64, $"{killed}: undo: {undo}");
            // Administrative state and weights as before; it runs or not as it does now.
            Assert.Equal(Administrative(before), Administrative(await SettledAsync()));
            await lab.ExecAsync("web1", "systemctl", "start", "lab-backend");
            await ExpectAsync(whole, $"{killed}, taken back, and started by hand");
        }
    }

    private async Task ExpectAsync(string wanted, string when) =>
        await Support.Poll.UntilAsync(StatesAsync, s => s == wanted, s => $"{when}: {s}\nwanted {wanted}");

    private async Task<string> SettledAsync()
    {
        var last = await StatesAsync();
        return await Support.Poll.UntilAsync(StatesAsync, s => s == last || (last = s) is null, s => s);
    }

    private static string Administrative(string states) =>
        string.Join(' ', states.Split(' ').Where(f => !f.StartsWith("op=", StringComparison.Ordinal)));
}

public sealed class KilledHaproxyRecoverTests(LabFixture lab, ITestOutputHelper output) : KilledRecoverTests(lab, output),
IClassFixture<LabFixture>
{
    private protected override async Task<string> StatesAsync() => $"lb1: {await StateAsync("lb1")} lb2: {await StateAsync("lb2")}";

    private protected override bool IsSeenDead(string states) => states.Split("web1 op=0 ").Length == 3;

    /// <summary>Every field of <c>show servers state</c> that is not a time, a counter of checks or an id.</summary>
    private async Task<string> StateAsync(string node)
    {
        var said = (await Lab.ExecAsync(node, "sh", "-c",
            "echo 'show servers state web' | socat -t 5 - /run/haproxy/admin.sock")).Output.Split('\n');
        var header = said.Single(l => l.StartsWith("# ", StringComparison.Ordinal))[2..].Split(' ').ToList();
        string[] fields = ["srv_addr", "srv_admin_state", "srv_uweight", "srv_iweight", "bk_f_forced_id", "srv_f_forced_id", "srv_fqdn",
            "srv_port", "srvrecord", "srv_use_ssl", "srv_check_port"];
        return string.Join("; ", said.Where(l => l.Contains(" web ", StringComparison.Ordinal)).Select(l => l.Split(' ')).Select(f =>
            $"{f[header.IndexOf("srv_name")]} op={f[header.IndexOf("srv_op_state")]} "
                + $"{string.Join(' ', fields.Select(n => $"{n}={f[header.IndexOf(n)]}"))}"));
    }
}

/// <summary>nginx has no view of a server's health that it tells: its files, and whether the backend runs.</summary>
public sealed class KilledNginxRecoverTests(NginxLab lab, ITestOutputHelper output) : KilledRecoverTests(lab, output),
IClassFixture<NginxLab>
{
    /// <summary>HAProxy checks it by itself, and sends it nothing before it lives.</summary>
    private protected override bool MustLive => true;

    private protected override async Task<string> StatesAsync() =>
        $"web1 op={(await Lab.ExecAsync("web1", "systemctl", "is-active", "lab-backend")).Output.Trim()} "
            + $"{await new BackendState(Lab).ReadAsync()}";

    private protected override bool IsSeenDead(string states) => !states.StartsWith("web1 op=active", StringComparison.Ordinal);
}
