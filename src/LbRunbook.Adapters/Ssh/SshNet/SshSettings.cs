using LbRunbook.Adapters.Processes;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>
/// How to log in to one host once everything is said: by the configuration, and by ssh_config where there is an ssh that reads it for us
/// (<c>ssh -G</c>). Where there is none, there is no ssh_config.
/// </summary>
internal sealed record SshSettings
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public required string HostName { get; init; }
    public required string User { get; init; }
    public int Port { get; init; } = 22;
    public IReadOnlyList<string> Identities { get; init; } = [];
    public IReadOnlyList<string> Certificates { get; init; } = [];
    public bool IdentitiesOnly { get; init; }

    /// <summary>The agent's socket (a pipe on Windows); null = none is to be asked.</summary>
    public string? Agent { get; init; }
    public IReadOnlyList<string> KnownHosts { get; init; } = [];
    public string? HostKeyAlias { get; init; }
    public bool AcceptsNewHostKeys { get; init; }
    public string? Jump { get; init; }

    /// <summary>A program that makes the connection: the OpenSSH client alone runs one.</summary>
    public string? ProxyCommand { get; init; }

    /// <summary>Kerberos may log us in: the OpenSSH client alone knows how.</summary>
    public bool Gssapi { get; init; }

    /// <summary>Under which the host's key is looked for, in the order in which they are believed.</summary>
    public IReadOnlyList<string> KeyNames =>
        HostKeyAlias is { } alias ? [alias] : Port == 22 ? [HostName] : [$"[{HostName}]:{Port}", HostName];

    /// <exception cref="Core.Ports.AdapterException">ssh_config cannot be read.</exception>
    public static async Task<SshSettings> ReadAsync(RemoteHost host, string operation, CancellationToken cancellation)
    {
        if (!SshProgram.IsThere)
            return SshDefaults.Of(host);
        try
        {
            var asked = await ChildProcess.RunAsync(
                new(SshArguments.Program, SshArguments.Resolved(host)) { Timeout = Patience, Environment = SshArguments.Environment },
                cancellation);
            return asked.Ok ? SshDefaults.Applied(host, SshConfig.Parse(asked.Output)) : throw SshFailure.Of(host, operation, asked.Error);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // On the PATH, and not for us to run.
            return SshDefaults.Of(host);
        }
    }
}
