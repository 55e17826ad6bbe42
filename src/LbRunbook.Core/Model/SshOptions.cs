namespace LbRunbook.Core.Model;

/// <summary>How to log in to one host; null means "what ssh_config says".</summary>
public sealed record SshOptions
{
    public SshClientKind Client { get; init; }
    public string? User { get; init; }
    public int? Port { get; init; }
    public string? Identity { get; init; }

    /// <summary><c>ProxyJump</c>: <c>[user@]host[:port][,…]</c>.</summary>
    public string? Jump { get; init; }

    /// <summary>Commands that need root are run with <c>sudo -n</c>.</summary>
    public bool Sudo { get; init; }
    public string? KnownHosts { get; init; }

    /// <summary>The name under which the host key is known, where it is reached by another address than usual.</summary>
    public string? HostKeyAlias { get; init; }
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
