using LbRunbook.Cli.Output;
using LbRunbook.Core.Config;

namespace LbRunbook.Cli;

/// <summary>What a verb gets besides its own options: the streams, the clock and the global options.</summary>
internal sealed class CliContext(Streams streams, TimeProvider time)
{
    public Streams Streams { get; set; } = streams;
    public TimeProvider Time { get; } = time;
    public GlobalOptions Options { get; } = new();

    /// <summary>What ends a verb that was asked to stop: 130, or 143 when it was TERM.</summary>
    public Func<int> InterruptedCode { get; set; } = () => ExitCode.Interrupted;

    /// <summary>Environment variables; tests bring their own.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Where this machine's configuration is; tests bring their own.</summary>
    public string SystemDirectory { get; init; } = ConfigRequest.DefaultSystemDirectory;
}
