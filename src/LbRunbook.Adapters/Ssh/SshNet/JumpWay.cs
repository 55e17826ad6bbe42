using System.Globalization;
using Renci.SshNet;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>
/// The way to a host over another one. The library forwards ports only: one on 127.0.0.1 while the connection lives, which any user of
/// this machine can connect to, to meet the host's sshd there, as from the jump host itself.
/// </summary>
internal sealed class JumpWay : IDisposable
{
    private readonly SshNetConnection _over;
    private readonly ForwardedPortLocal _port;

    private JumpWay(SshNetConnection over, ForwardedPortLocal port) => (_over, _port) = (over, port);

    public (string Address, int Port) EndPoint => (_port.BoundHost, (int)_port.BoundPort);

    /// <summary>Why the jump host did not reach the host: at our end it is no more than a closed connection.</summary>
    public Exception? Failure { get; private set; }

    public static JumpWay Over(SshNetConnection last, SshSettings settings)
    {
        var port = new ForwardedPortLocal("127.0.0.1", 0, settings.HostName, (uint)settings.Port);
        var way = new JumpWay(last, port);
        port.Exception += (_, happened) => way.Failure ??= happened.Exception;
        try
        {
            last.Client.AddForwardedPort(port);
            port.Start();
            return way;
        }
        catch
        {
            way.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The last of <c>[user@]host[:port][,…]</c>, which is reached over those before it. ssh_config says the rest, as it does for ssh.
    /// Where there is none, the key and the known_hosts of the host are those of its jump host too: nothing else could name them.
    /// </summary>
    public static RemoteHost Last(RemoteHost host, string jump, bool hasSshConfig)
    {
        var comma = jump.LastIndexOf(',');
        var text = jump[(comma + 1)..].Trim();
        var at = text.LastIndexOf('@');
        var (name, port) = Split(text[(at + 1)..]);
        return new(name, name, host.Ssh with
        {
            User = at > 0 ? text[..at] : null,
            Port = port,
            Jump = comma > 0 ? jump[..comma] : null,
            HostKeyAlias = null,
            Identity = hasSshConfig ? null : host.Ssh.Identity,
            KnownHosts = hasSshConfig ? null : host.Ssh.KnownHosts,
        });
    }

    public void Dispose()
    {
        _over.Dispose();
        _port.Dispose();
    }

    private static (string Host, int? Port) Split(string text)
    {
        var bracket = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : -1;
        var colon = text.IndexOf(':', Math.Max(0, bracket));
        // Several without brackets are an IPv6 address.
        if (colon < 0 || (bracket < 0 && text.LastIndexOf(':') != colon))
            return (text.Trim('[', ']'), null);
        return (text[..colon].Trim('[', ']'), int.Parse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }
}
