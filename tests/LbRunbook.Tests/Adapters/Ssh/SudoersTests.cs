using System.Text.RegularExpressions;
using LbRunbook.Adapters.Processes;
using LbRunbook.Adapters.Ssh;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Adapters.Ssh;

/// <summary>The rules that operators paste.</summary>
public sealed class SudoersTests
{
    private static readonly string Rules = RepositoryFiles.Text("config/sudoers.d/lbctl");

    [Fact]
    public async Task Rules_AskedVisudo_AreValid()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/visudo"), "no visudo on this machine");
        var file = Path.GetTempFileName();
        try
        {
            // Those that are only suggested, too: a rule line begins right after its #.
            await File.WriteAllTextAsync(file, Regex.Replace(Rules, "^#ops", "ops", RegexOptions.Multiline | RegexOptions.NonBacktracking),
                TestContext.Current.CancellationToken);
            var result = await ChildProcess.RunAsync(new("/usr/sbin/visudo", ["-c", "-f", file]), TestContext.Current.CancellationToken);
            Assert.True(result.Ok, result.Output + result.Error);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Each of these would make the login root, whatever stands beside it.</summary>
    [Fact]
    public void Rules_Commands_GiveNobodyAShell()
    {
        var commands = Regex.Matches(Rules, @"/usr/s?bin/[^,\n]*", RegexOptions.NonBacktracking)
            .Select(m => m.Value.TrimEnd(' ', '\\')).ToList();
        Assert.InRange(commands.Count, 20, 50);
        // One file of no power, named to its last letter.
        Assert.True(commands.Remove("/usr/bin/tee /var/lib/haproxy/server-state.lbctl"));
        Assert.All(commands, c => Assert.DoesNotMatch(@"^/usr/s?bin/(sh|bash|env|timeout|perl|python\S*|tee|cp|sed|kill)\b", c));
        Assert.All(commands, c => Assert.Contains(' ', c));
        // In arguments * matches spaces: it would let in other options of these.
        Assert.All(commands.Where(c =>
            Regex.IsMatch(c, "/(sysctl|journalctl|cat|openssl|socat|haproxy|nginx|systemctl) ",
                RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)), c => Assert.DoesNotContain('*', c));
        Assert.DoesNotContain("NOPASSWD: ALL", Rules, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_InTheBinary_AreTheFile() => Assert.Equal(Rules.ReplaceLineEndings("\n"), EmbeddedScript.Read("sudoers"));
}
