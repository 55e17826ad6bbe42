using FsCheck;
using FsCheck.Fluent;
using LbRunbook.Adapters.Processes;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using Xunit;

namespace LbRunbook.Tests.Adapters.Ssh;

public sealed class RemoteCommandLineTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>As sshd does it: the login shell with -c, whatever it is.</summary>
    /// <returns>Its stdout without the marker.</returns>
    private static async Task<ProcessResult> RunAsync(RemoteCommand command, string loginShell = "/bin/sh")
    {
        var carried = RemoteCommandLine.OnInput(command, new(), TimeSpan.FromSeconds(5));
        var result = await ChildProcess.RunAsync(
            new(loginShell, ["-c", RemoteCommandLine.ForLoginShell])
            {
                StandardInput = carried.StandardInput,
                WriteInput = carried.WriteInput,
            }, Cancellation);
        return result with { Output = RemoteCommandLine.Said(result.Output).Output };
    }

    [Fact]
    public void OnInput_NotForRootOrWithoutSudo_DoesNotMentionSudo()
    {
        var command = new RemoteCommand("ip", "addr") { AsRoot = true };

        Assert.DoesNotContain("sudo", Input(command, new()), StringComparison.Ordinal);
        Assert.DoesNotContain("sudo", Input(command with { AsRoot = false }, new() { Sudo = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void OnInput_Timeout_IsBoundedRemotelyAboveOurs() =>
        Assert.Contains(" 3 ip addr; ", Input(new("ip", "addr"), new()), StringComparison.Ordinal);

    [Fact]
    public async Task OnInput_RunByAShell_TellsItsProcessAndKeepsCodeAndStreams()
    {
        var result = await RunAsync(new("sh", "-c", "echo out; echo err >&2; exit 3"));
        var (began, error) = RemoteCommandLine.Began(result.Error);

        Assert.NotNull(began);
        Assert.Equal((3, "out\n", "err\n"), (result.ExitCode, result.Output, error));
    }

    [Theory]
    [InlineData("/bin/sh"), InlineData("/bin/bash"), InlineData("/bin/dash"), InlineData("/bin/zsh"), InlineData("/usr/bin/fish"),
        InlineData("/bin/tcsh")]
    public async Task OnInput_AnyLoginShell_WordsAndInputArriveAsTheyWere(string shell)
    {
        Assert.SkipUnless(File.Exists(shell), $"{shell} is not installed");
        string[] words = ["", " a  b ", "it's", "\\", "a\\'b\\", "two\nlines\n", "\n", "!!", "!x", "$HOME `id` $(id)", "*", "~", "=x",
            "-n", "%s", "{a,b}", "#", "é ✓", "\t\r"];
        var result = await RunAsync(new(["sh", "-c", "printf '<%s>' \"$@\"; cat", "x",
            .. words]) { StandardInput = "input\nof 'its' own\n" }, shell);

        Assert.Equal(string.Concat(words.Select(w => $"<{w}>")) + "input\nof 'its' own\n", result.Output);
        Assert.Equal("", RemoteCommandLine.Began(result.Error).Error);
    }

    /// <summary>A line of a look was once a command that it asked sudo about: csh ran it, and a virtual IP was gone.</summary>
    [Theory]
    [InlineData("/bin/sh"), InlineData("/bin/tcsh"), InlineData("/usr/bin/fish")]
    public async Task OnInput_LineOfAWordIsACommand_IsNotRun(string shell)
    {
        Assert.SkipUnless(File.Exists(shell), $"{shell} is not installed");
        var trace = Path.Combine(Path.GetTempPath(), $"lbctl-{Guid.NewGuid():n}");
        await RunAsync(new("true", $"x\ntouch {trace}\ny"), shell);

        Assert.False(File.Exists(trace));
    }

    [Fact]
    public Task OnInput_AnyWords_ArriveAsTheyWere() => Task.Run(() =>
    {
        var words = Gen.ListOf(Gen.Elements("'\"\\\n !$`*~#;&|<>(){}[]=\tax1é".ToCharArray()).ListOf().Select(c => string.Concat(c)))
            .ToArbitrary();
        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(words, list =>
        {
            var result = RunAsync(new(["sh", "-c", "printf '<%s>' \"$@\"", "x", .. list])).GetAwaiter().GetResult();
            return result.Output == (list.Count == 0 ? "<>" : string.Concat(list.Select(w => $"<{w}>")));
        }));
    });

    [Fact]
    public async Task OnInput_WrittenAsItComes_FollowsTheCommand()
    {
        var result = await RunAsync(new("cat") { WriteInput = (stream, cancellation) =>
            stream.WriteAsync("late"u8.ToArray(), cancellation).AsTask() });

        Assert.Equal("late", result.Output);
    }

    /// <summary>Wherever the connection breaks: a part of a command or of a script may be another command.</summary>
    [Fact]
    public async Task Script_CutOffAnywhere_RunsNothing()
    {
        var whole = RemoteCommandLine.OnInput(RemoteCommand.Script("echo ran\necho \"$1\"", "word"), new(),
            TimeSpan.FromSeconds(5)).StandardInput!;
        var line = whole.IndexOf('\n', StringComparison.Ordinal);
        foreach (var length in (int[])[0, 1, line / 2, line, .. Enumerable.Range(line + 1, whole.Length - line - 2)])
        {
            var cut = await ChildProcess.RunAsync(new("/bin/sh",
                ["-c", RemoteCommandLine.ForLoginShell]) { StandardInput = whole[..length] }, Cancellation);
            Assert.Equal("", RemoteCommandLine.Said(cut.Output).Output);
        }
        Assert.Equal("ran\nword\n", (await RunAsync(RemoteCommand.Script("echo ran\necho \"$1\"", "word"))).Output);
    }

    [Theory]
    [InlineData("", null, "")]
    [InlineData("sudo: a password is required\n", null, "sudo: a password is required\n")]
    [InlineData("lbctl-began:12\n", 12, "")]
    [InlineData("Welcome\nlbctl-began:12\nlater\n", 12, "Welcome\nlater\n")]
    [InlineData("lbctl-began:12", null, "lbctl-began:12")]
    [InlineData("lbctl-began:x\n", null, "lbctl-began:x\n")]
    public void Began_Stderr_GivesTheMarkerAndTheRest(string stderr, int? processId, string rest) =>
        Assert.Equal((processId, rest), RemoteCommandLine.Began(stderr));

    [Theory]
    [InlineData("lbctl-began:12\nout\n", null, "out\n")]
    [InlineData("hello, this is production\nlbctl-began:12\nout", "hello, this is production", "out")]
    [InlineData("\n\n  two\nlines\nlbctl-began:12\nlbctl-began:13\n", "two", "lbctl-began:13\n")]
    [InlineData("no newline, lbctl-began:12\n", null, "no newline, lbctl-began:12\n")]
    [InlineData("", null, "")]
    public void Said_Stdout_GivesTheGreetingAndTheRest(string stdout, string? greeting, string rest) =>
        Assert.Equal((greeting, rest), RemoteCommandLine.Said(stdout));

    private static string Input(RemoteCommand command, SshOptions ssh) =>
        RemoteCommandLine.OnInput(command, ssh, TimeSpan.FromSeconds(1.5)).StandardInput!;
}
