using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LbRunbook.Adapters.Processes;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;

namespace LbRunbook.SystemTests.Ssh;

/// <summary>A real sshd on 127.0.0.1 with keys, configuration and home of its own; everything in one temporary directory.</summary>
internal sealed class TestSshServer : IAsyncDisposable
{
    private const string SshdPath = "/usr/sbin/sshd";
    private Process? _daemon;

    private TestSshServer(string directory, int port) => (Directory, Port) = (directory, port);

    public string Directory { get; }
    public int Port { get; }
    public string KnownHosts => Path.Combine(Directory, "known_hosts");

    /// <summary>Short: socket paths are limited to about 100 bytes.</summary>
    public string RuntimeDirectory => Path.Combine(Directory, "run");

    public RemoteHost Host => new("lb1", "127.0.0.1", new SshOptions
    {
        Port = Port,
        Identity = Path.Combine(Directory, "id"),
        KnownHosts = KnownHosts,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        CommandTimeout = TimeSpan.FromSeconds(15),
    });

    public static Task<TestSshServer> StartAsync(params string[] configuration) => StartAsync(_ => Task.FromResult(configuration));

    /// <param name="prepare">Makes what its lines of configuration name; the keys are there by then.</param>
    public static async Task<TestSshServer> StartAsync(Func<TestSshServer, Task<string[]>> prepare)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("lbs").FullName;
        var server = new TestSshServer(directory, FreePort());
        await server.KeyAsync("host");
        await server.KeyAsync("id");
        File.Copy(server.InDirectory("id.pub"), server.InDirectory("authorized"));
        System.IO.Directory.CreateDirectory(server.InDirectory("home"));
        await server.TrustAsync("host");
        var configuration = await prepare(server);
        await File.WriteAllLinesAsync(server.InDirectory("sshd_config"),
        [
            $"Port {server.Port}", "ListenAddress 127.0.0.1", $"HostKey {directory}/host", $"AuthorizedKeysFile {directory}/authorized",
            "PidFile none", "StrictModes no", "UsePAM no", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
            "PermitRootLogin yes",
            // Without a home of its own the login shell runs this machine's start files, which cost more than ssh itself.
            $"SetEnv HOME={directory}/home", "LogLevel ERROR", .. configuration,
        ]);
        // sshd refuses to start as root without it, and only distributions' units create it.
        if (Environment.IsPrivilegedProcess)
            System.IO.Directory.CreateDirectory("/run/sshd");
        await server.StartDaemonAsync();
        return server;
    }

    /// <summary>A fake known_hosts entry: another key than the server has.</summary>
    public async Task TrustAsync(string key)
    {
        if (!File.Exists(InDirectory(key)))
            await KeyAsync(key);
        await File.WriteAllTextAsync(KnownHosts, $"[127.0.0.1]:{Port} {await File.ReadAllTextAsync(InDirectory(key + ".pub"))}");
    }

    public async Task StartDaemonAsync()
    {
        _daemon = Process.Start(new ProcessStartInfo(SshdPath, ["-D", "-f", InDirectory("sshd_config"), "-E", InDirectory("sshd.log")])
        {
            // Or it would keep the test runner's own output open if a test died.
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var deadline = Stopwatch.StartNew();
        while (!await AcceptsAsync())
        {
            if (_daemon.HasExited || deadline.Elapsed > TimeSpan.FromSeconds(10))
                throw new InvalidOperationException("sshd did not start");
            await Task.Delay(20);
        }
    }

    /// <summary>The daemon and the processes that serve connections: the host as a whole, frozen or gone.</summary>
    public void SignalAll(int signal)
    {
        foreach (var pid in Tree(_daemon!.Id))
            Signal.Send(pid, signal);
    }

    public string InDirectory(string name) => Path.Combine(Directory, name);

    public async ValueTask DisposeAsync()
    {
        // Masters end by themselves once their peer is gone.
        if (_daemon is { HasExited: false })
        {
            foreach (var pid in Tree(_daemon.Id))
                Signal.Send(pid, Signal.Kill);
            await _daemon.WaitForExitAsync();
        }
        _daemon?.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static List<int> Tree(int root)
    {
        List<int> tree = [root];
        for (var next = 0; next < tree.Count; next++)
        {
            try
            {
                foreach (var task in System.IO.Directory.GetDirectories($"/proc/{tree[next]}/task"))
                    tree.AddRange(File.ReadAllText(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }
        return tree;
    }

    private async Task<bool> AcceptsAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Signs a public key: for a user by default, with -h for a host.</summary>
    public Task SignAsync(string authority, string key, params string[] how) =>
        KeygenAsync(["-q", "-s", InDirectory(authority), "-I", key, .. how, InDirectory(key + ".pub")]);

    public Task KeyAsync(string name, params string[] how) =>
        KeygenAsync(["-q", .. how.Length > 0 ? how : ["-t", "ed25519"], .. how.Contains("-N") ? (string[])[] : ["-N", ""], "-f",
            InDirectory(name)]);

    /// <summary>The private key gets a passphrase that nobody says.</summary>
    public Task EncryptAsync(string name) => KeygenAsync(["-q", "-p", "-P", "", "-N", "secret", "-f", InDirectory(name)]);

    public Task HashKnownHostsAsync() => KeygenAsync(["-q", "-H", "-f", KnownHosts]);

    private static async Task KeygenAsync(string[] arguments)
    {
        var made = await ChildProcess.RunAsync(new("ssh-keygen", arguments), CancellationToken.None);
        if (!made.Ok)
            throw new InvalidOperationException(made.Error);
    }
}
