using LbRunbook.Lab;
using LbRunbook.SystemTests.Backends;
using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Scale;
using Xunit;

namespace LbRunbook.SystemTests.LoginShells;

/// <summary>
/// Nothing that only looks may change anything, whatever the hosts' login shell is. It once did: csh ran the inner lines of a quoted
/// text, and one of them was a command that sudo was only asked about.
/// </summary>
public sealed class LoginShellTests(HaproxyScaleLab lab) : IClassFixture<HaproxyScaleLab>, IAsyncLifetime
{
    private static readonly string[][] s_looks =
    [
        ["assess"],
        ["failover", "lb1", "lb2", "--dry-run"],
        ["failover", "lb1", "lb2", "--dry-run", "--emergency"],
        ["failover", "--sweep", "--dry-run"],
        ["drain", "lb1", "--dry-run"],
        ["isolate-backend", "web1", "--dry-run"],
        ["drain", "web2", "--dry-run"],
        ["restore-backend", "web3", "--dry-run"],
        ["auto-recover", "web1", "--dry-run"],
        ["scale-out", "--dry-run"],
        ["scale-in", "--dry-run"],
        ["locks"],
    ];

    /// <summary>What they say with the shell that the hosts came with.</summary>
    private static string? s_elsewhere;

    private string[] Hosts => [.. lab.State.Hosts.Select(h => h.Name)];

    [Theory]
    [InlineData("/bin/bash"), InlineData("/bin/dash"), InlineData("/bin/zsh"), InlineData("/usr/bin/fish"), InlineData("/bin/tcsh")]
    public async Task Looks_AnyLoginShell_SayWhatTheySayElsewhereAndChangeNothing(string shell)
    {
        using var op = await Operator.AtAsync(lab);
        s_elsewhere ??= await LookAsync(op);
        await GiveShellAsync(shell);
        var before = await StateAsync(op);
        var marks = await MarkAsync();

        var here = await LookAsync(op);

        Assert.Equal(before, await StateAsync(op));
        Assert.Equal("", await WrittenSinceAsync(marks));
        Assert.Equal(s_elsewhere, here);
    }

    [Theory]
    [InlineData("/bin/false", "exit code 1")]
    [InlineData("/usr/sbin/nologin", "This account is currently not available")]
    public async Task Assess_LoginShellRunsNothing_IsAFindingThatNamesIt(string shell, string said)
    {
        using var op = await Operator.AtAsync(lab);
        await GiveShellAsync(shell);
        var before = await StateAsync(op);
        var marks = await MarkAsync();

        foreach (var look in s_looks)
        {
            var result = await op.RawAsync([lab.Option, .. look]);
            Assert.NotEqual(0, result.ExitCode);
            // A sweep tells of the MAC that nobody owns up to.
            if (look.Contains("--sweep"))
                continue;
            var all = string.Join(' ',
                (result.Output + result.Error).Split((char[])[' ', '\n', '│'], StringSplitOptions.RemoveEmptyEntries));
            Assert.Contains("login shell on lb1", all, StringComparison.Ordinal);
            Assert.Contains(said, all, StringComparison.Ordinal);
        }

        Assert.Equal(before, await StateAsync(op));
        Assert.Equal("", await WrittenSinceAsync(marks));
    }

    /// <summary>bash reads the login's file also for a command: what it prints there is not the command's.</summary>
    [Fact]
    public async Task Failover_LoginThatTalks_IsSaidOnceAndReadPast()
    {
        using var op = await Operator.AtAsync(lab);
        foreach (var host in (string[])["lb1", "lb2"])
            await lab.ExecAsync(host, "sh", "-c", "printf 'echo \"hello, this is production\"\necho; echo [1]\n' >/root/.bashrc");
        try
        {
            var assessed = await op.RawAsync([lab.Option, "assess"]);
            Assert.Contains("LoginTalks", assessed.Output + assessed.Error, StringComparison.Ordinal);
            Assert.Contains("hello, this is production", assessed.Output + assessed.Error, StringComparison.Ordinal);
            await op.ExpectAsync(0, "failover", "lb1", "lb2");
            await op.Segment.ExpectHolderAsync("lb2", "after the failover");
            await op.ExpectAsync(0, "isolate-backend", "web1");
            await op.ExpectAsync(0, "restore-backend", "web1");
        }
        finally
        {
            foreach (var host in (string[])["lb1", "lb2"])
                await lab.ExecAsync(host, "rm", "-f", "/root/.bashrc");
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await GiveShellAsync("/bin/bash");

    /// <summary>Exit code and, of a dry run, its plan.</summary>
    private async Task<string> LookAsync(Operator op)
    {
        var said = new List<string>();
        foreach (var look in s_looks)
        {
            var result = await op.RawAsync([lab.Option, .. look]);
            var plan = result.Output.Split('\n').SkipWhile(l => !l.StartsWith("Plan:", StringComparison.Ordinal))
                .TakeWhile(l => l.Length > 0);
            said.Add($"{string.Join(' ', look)}: exit {result.ExitCode}\n{string.Join('\n', plan)}");
        }
        return string.Join('\n', said);
    }

    /// <summary>A login is told its shell once: the shared connections have to go.</summary>
    private async Task GiveShellAsync(string shell)
    {
        foreach (var host in Hosts)
            await lab.ExecAsync(host, "sh", "-c", $"sed -i '/^root:/s|[^:]*$|{shell}|' /etc/passwd; pkill -f 'sshd: root'");
    }

    private async Task<string> StateAsync(Operator op)
    {
        var nodes = await Task.WhenAll(((string[])["lb1", "lb2"]).Select(n => NodeLeftovers.OfAsync(lab, n)));
        return string.Join('\n', [await op.Segment.EverythingAsync(), .. nodes, await new BackendState(lab).ReadAsync()]);
    }

    private async Task<IReadOnlyDictionary<string, string>> MarkAsync()
    {
        var marks = new Dictionary<string, string>();
        foreach (var host in Hosts)
            marks[host] = (await lab.ExecAsync(host, "sh", "-c", "touch /run/lbctl-test-mark; date +%s.%N")).Output.Trim();
        return marks;
    }

    /// <summary>
    /// Files of the hosts that were made, changed or removed since. The lease is lbctl's own; logs and login records are written by
    /// whoever logs in, and fish makes its folders at its first start.
    /// </summary>
    private async Task<string> WrittenSinceAsync(IReadOnlyDictionary<string, string> marks)
    {
        var found = new List<string>();
        foreach (var (host, mark) in marks)
        {
            var upper = new LabPaths(lab.Name).Upper(host);
            var disk = await LabCommands.RunAsync("looking for new files",
                ["find", upper, "-newerct", $"@{mark}", "!", "-type", "d", "-printf", "/%P\\n"], TestContext.Current.CancellationToken);
            var run = (await lab.ExecAsync(host, "find", "/run", "/tmp", "/var/tmp", "-xdev", "-cnewer", "/run/lbctl-test-mark", "!",
                "-type", "d")).Output;
            found.AddRange((disk + run).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(f => !Theirs(f))
                .Select(f => $"{host}: {f}"));
        }
        return string.Join('\n', found);
    }

    private static bool Theirs(string file) =>
        ((string[])["/run/lbctl-lease/", "/var/log/", "/run/log/", "/run/systemd/", "/run/user/", "/run/utmp", "/run/udev/",
            "/root/.config/fish", "/root/.local/share/fish", "/root/.cache/fish", "/run/sudo/", "/run/dbus"])
        .Any(p => file.StartsWith(p, StringComparison.Ordinal));
}
