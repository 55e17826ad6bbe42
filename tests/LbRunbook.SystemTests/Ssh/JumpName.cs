namespace LbRunbook.SystemTests.Ssh;

/// <summary>
/// A name for a jump host. Its key and its known_hosts can be said in ssh_config alone, and a test's process can say nothing to an ssh
/// that ssh starts: so in a file of this machine's, under a name that nobody else uses.
/// </summary>
internal sealed class JumpName : IDisposable
{
    private readonly string _file;

    private JumpName(string name) => (Name, _file) = (name, $"/etc/ssh/ssh_config.d/{name}.conf");

    public string Name { get; }

    public static JumpName Of(TestSshServer server)
    {
        var named = new JumpName($"lbctl-test-{server.Port}");
        File.WriteAllLines(named._file,
        [
            $"Host {named.Name}", "HostName 127.0.0.1", $"Port {server.Port}", $"IdentityFile {server.InDirectory("id")}",
            $"UserKnownHostsFile {server.KnownHosts}",
        ]);
        return named;
    }

    public void Dispose() => File.Delete(_file);
}
