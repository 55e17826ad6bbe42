using System.Buffers.Binary;
using System.Net.Sockets;
using LbRunbook.Adapters.Processes;
using LbRunbook.Adapters.Ssh;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Ssh;

/// <summary>Masters that do not behave. How a good one is spoken to, the contract of the shell tests on the real one.</summary>
public sealed class MuxSessionTests : IDisposable
{
    private const uint Hello = 1;
    private const uint Failure = 0x80000003;
    private const uint ExitMessage = 0x80000004;
    private const uint SessionOpened = 0x80000006;

    private readonly TemporaryFolder _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_folder.Path, "m");

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_NobodyListens_GivesNoSession() => Assert.Null(await RunAsync());

    public static TheoryData<string, byte[]> Greetings => new()
    {
        { "not a greeting", "SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray() },
        { "another version", MuxConnection.Message(Hello, 5u) },
        { "a message without an end", [0, 0, 0, 200, 0, 0, 0, 1] },
        { "no message at all", [] },
    };

    [Theory]
    [MemberData(nameof(Greetings))]
    public async Task Run_MasterGreetsOddly_GivesNoSession(string why, byte[] greeting)
    {
        Serve(async master => await SendAsync(master, greeting));

        Assert.True(await RunAsync() is null, why);
    }

    /// <summary>Its kernel accepts for it.</summary>
    [Fact]
    public async Task Run_MasterIsStopped_GivesNoSession()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();

        Assert.Null(await RunAsync());
    }

    [Fact]
    public async Task Run_MasterRefuses_GivesNoSession()
    {
        Serve(async master =>
            await SendAsync(master, MuxConnection.Message(Hello, 4u), MuxConnection.Message(Failure, 1u, "Session open refused by peer")));

        Assert.Null(await RunAsync());
    }

    [Fact]
    public async Task Run_MasterDiesDuringTheCommand_Is255()
    {
        Serve(async master => await SendAsync(master, MuxConnection.Message(Hello, 4u), MuxConnection.Message(SessionOpened, 1u, 7u)));

        Assert.Equal(255, (await RunAsync())?.ExitCode);
    }

    [Fact]
    public async Task Run_MasterSaysHowItEnded_IsItsExitCode()
    {
        Serve(async master => await SendAsync(master,
            MuxConnection.Message(Hello, 4u), MuxConnection.Message(SessionOpened, 1u, 7u), MuxConnection.Message(ExitMessage, 7u, 3u)));

        Assert.Equal(3, (await RunAsync())?.ExitCode);
    }

    [Fact]
    public async Task Run_MasterNeverAnswers_TimesOut()
    {
        Serve(async master =>
        {
            await SendAsync(master, MuxConnection.Message(Hello, 4u));
            await Task.Delay(Timeout.Infinite, Token);
        });

        Assert.True((await RunAsync(TimeSpan.FromMilliseconds(300)))?.TimedOut);
    }

    [Fact]
    public async Task Run_Request_IsWhatTheProtocolSays()
    {
        var heard = new byte[512];
        var length = 0;
        Serve(async master =>
        {
            await SendAsync(master, MuxConnection.Message(Hello, 4u));
            length = await master.ReceiveAsync(heard, Token);
        });
        await RunAsync();

        Assert.True(length > 60);
        Assert.Equal((8u, Hello, 4u), (Number(heard, 0), Number(heard, 4), Number(heard, 8)));
        Assert.Equal((0x10000002u, 1u, 0u), (Number(heard, 16), Number(heard, 20), Number(heard, 24)));
    }

    private static uint Number(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));

    private Task<ProcessResult?> RunAsync(TimeSpan? timeout = null) =>
        MuxSession.RunAsync(Path, "true", new("true"), timeout ?? TimeSpan.FromSeconds(10), Token);

    private static async Task SendAsync(Socket socket, params byte[][] messages)
    {
        foreach (var message in messages)
            await socket.SendAsync(message, Token);
    }

    /// <summary>Hangs up when <paramref name="serve"/> is over.</summary>
    private void Serve(Func<Socket, Task> serve)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen();
        _ = Task.Run(async () =>
        {
            using var master = await _listener.AcceptAsync(Token);
            await serve(master);
            master.Shutdown(SocketShutdown.Send);
            // What was sent to it is read, or the hang-up would be a reset that takes our last words along.
            while (await master.ReceiveAsync(new byte[512], Token) > 0)
                continue;
        }, Token);
    }
}
