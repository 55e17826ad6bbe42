using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Ssh;

/// <summary>Commands on a host. Internal to the adapters: steps and verbs speak to ports.</summary>
internal interface IRemoteShell
{
    /// <summary>Runs an argument list; every argument is quoted by one POSIX quoting function.</summary>
    /// <exception cref="AdapterException">The host could not be reached or refused us (see <see cref="AdapterException.Reach"/>), or time
    /// ran out. A command's own exit code is not an exception.</exception>
    Task<RemoteResult> RunAsync(RemoteHost host, RemoteCommand command, CancellationToken cancellation);

    /// <summary>
    /// One exchange with a UNIX socket on the host: sends <paramref name="request"/>, reads to the end of the stream.
    /// Forwarded over the existing connection where possible, else through socat or nc with sudo.
    /// </summary>
    Task<string> ExchangeAsync(RemoteHost host, string socketPath, string request, TimeSpan timeout, CancellationToken cancellation);
}

/// <summary>Where to log in. Name is for messages and for the control path.</summary>
internal sealed record RemoteHost(string Name, string Host, SshOptions Ssh)
{
    public static RemoteHost Of(Machine machine) => new(machine.Name, machine.Host, machine.Ssh);
    public static RemoteHost Of(Backend backend) => new(backend.Name, backend.Host, backend.Ssh ?? new());
}

internal sealed record RemoteCommand(params IReadOnlyList<string> Arguments)
{
    /// <summary>Needs root: run with <c>sudo -n</c> where the host is configured so.</summary>
    public bool AsRoot { get; init; }
    public string? StandardInput { get; init; }

    /// <summary>What messages call it; by default the program and its first words. Never put a secret here.</summary>
    public string Name
    {
        get => field ?? string.Join(' ', Arguments.Take(3));
        init;
    }

    /// <summary>
    /// Instead of <see cref="StandardInput"/>: writes it as it comes; see <see cref="Processes.ProcessSpec.WriteInput"/>. Called again from
    /// the start when the first attempt got no session.
    /// </summary>
    public Func<Stream, CancellationToken, Task>? WriteInput { get; init; }

    /// <summary>Null = the host's command timeout.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Per stream, in characters; what comes after it is dropped and <see cref="RemoteResult.Truncated"/> says so.</summary>
    public int OutputLimit { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// A script for <c>sh -s</c>, its parameters as <c>$1…</c>: values never become script text. As one group, which a shell reads
    /// to its end before it runs anything: of a script that a broken connection cut off nothing is run.
    /// </summary>
    public static RemoteCommand Script(string script, params string[] parameters) =>
        new(["sh", "-s", "--", .. parameters]) { StandardInput = $"{{\n{script}\n}}\n" };
}

internal sealed record RemoteResult(int ExitCode, string Output, string Error, TimeSpan Took)
{
    public bool Ok => ExitCode == 0;

    /// <summary>The output went over the command's limit: do not parse it as if it were whole.</summary>
    public bool Truncated { get; init; }

    /// <summary>The first line that the login itself printed before the command began; null = it is quiet.</summary>
    public string? Greeting { get; init; }

    /// <summary>The last non-empty line of stderr (else stdout): what to show of a failure.</summary>
    public string LastLine =>
        (Error.Trim().Length > 0 ? Error : Output).Trim().Split('\n')[^1].Trim();
}
