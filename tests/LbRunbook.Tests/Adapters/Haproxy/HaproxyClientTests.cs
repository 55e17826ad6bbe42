using LbRunbook.Adapters.Haproxy;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using LbRunbook.TestKit.Ssh;
using Xunit;

namespace LbRunbook.Tests.Adapters.Haproxy;

public sealed class HaproxyClientTests
{
    private static readonly string Real = Recording.Read("runtime.txt");

    private static readonly Node Node = new()
    {
        Name = "lb1",
        Host = "192.0.2.1",
        Proxy = ProxyKind.Haproxy,
        Haproxy = new() { Socket = "/run/a.sock", MasterSocket = null },
        Ssh = new() { ConnectTimeout = TimeSpan.FromMilliseconds(50), CommandTimeout = TimeSpan.FromMilliseconds(100) },
    };

    [Theory]
    [InlineData("", "closed the connection without an answer")]
    [InlineData("\n\n", "closed the connection without an answer")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "does not speak HAProxy: \"SSH-2.0-OpenSSH_9.2\"")]
    [InlineData("Permission denied\n\nPermission denied\n\n", "denies permission to read")]
    [InlineData("Name: HAProxy\nVersion: 2.6\n\n", "truncated answer")]
    public async Task Read_UnusableAnswer_IsAnErrorAndNotAnException(string answer, string error)
    {
        var state = await ReadAsync((_, _, _) => Task.FromResult(answer));

        Assert.False(state.Answers);
        Assert.StartsWith("admin socket /run/a.sock ", state.Error);
        Assert.Contains(error, state.Error);
    }

    [Fact]
    public async Task Read_AnswerCutAnywhere_NeverPassesForTheWhole()
    {
        for (var length = 0; length < Real.Length - 1; length++)
        {
            var state = await ReadAsync((_, _, _) => Task.FromResult(Real[..length]));

            // Between two replies a cut cannot be told from a refused last command; the note then says that it is missing.
            Assert.True(!state.Answers
                || state.Notes.Any(n => n.StartsWith("show servers state was not answered", StringComparison.Ordinal)), $"cut at {length}");
        }
        Assert.True((await ReadAsync((_, _, _) => Task.FromResult(Real))).Answers);
    }

    [Fact]
    public async Task Read_ShellThatHangs_EndsWithinTheBound()
    {
        var state = await ReadAsync(async (_, _, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return "";
        });

        Assert.Equal("admin socket /run/a.sock did not answer within 0.1s", state.Error);
    }

    [Fact]
    public async Task Read_CallerGaveUp_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var shell = new ScriptedShell { OnRun = SeesNothing, OnExchange = (_, _, c) => Task.FromCanceled<string>(c) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new HaproxyClient(shell).ReadAsync(Node, cancelled.Token));
    }

    [Fact]
    public async Task Read_UnreachableHost_ReportsTheShellsSentence()
    {
        var state = await ReadAsync((_, _, _) =>
            throw new AdapterException("lb1", "ssh", "lb1 (192.0.2.1) cannot be reached: no route to host", Reach.Unreachable));

        Assert.Equal("lb1 (192.0.2.1) cannot be reached: no route to host", state.Error);
    }

    [Fact]
    public async Task Read_MasterSocket_IsClosedByQuitAndAskedForEachOldWorker()
    {
        var shell = new ScriptedShell
        {
            OnRun = SeesNothing,
            OnExchange = (path, request, _) => Task.FromResult(
                path == "/run/a.sock" ? Real
                : request.StartsWith("show proc", StringComparison.Ordinal) ? Recording.Read("show-proc.txt")
                : "# pxname,svname,type,scur,\nweb_backend,web1,2,5,\n\n"),
        };

        var state = await new HaproxyClient(shell).ReadAsync(
            Node with { Haproxy = Node.Haproxy with { MasterSocket = "/run/m.sock" } }, TestContext.Current.CancellationToken);

        Assert.Equal(["@!2084 show stat -1 4 -1;quit\n", $"{RuntimeReply.Question}\n", "show proc;quit\n"],
            shell.Requests.Order(StringComparer.Ordinal));
        Assert.Equal([2084], state.OldWorkers);
        Assert.Equal(5, state.Servers.Single(s => s.Server == "web1").CurrentSessions);
    }

    /// <summary>Neither processes nor other sockets.</summary>
    private static Task<RemoteResult> SeesNothing(RemoteCommand command, CancellationToken cancellation) =>
        Task.FromResult(new RemoteResult(1, "", "", TimeSpan.Zero));

    private static Task<ProxyState> ReadAsync(Func<string, string, CancellationToken, Task<string>> answer) =>
        new HaproxyClient(new ScriptedShell { OnRun = SeesNothing, OnExchange = answer })
            .ReadAsync(Node, TestContext.Current.CancellationToken);
}
