using LbRunbook.Cli.Output;
using LbRunbook.Core.Config;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli;

/// <summary>What a verb gets besides its own options: the streams, the clock, the signals and the global options.</summary>
internal sealed class CliContext(Streams streams, TimeProvider time)
{
    public Streams Streams { get; set; } = streams;
    public TimeProvider Time { get; } = time;
    public GlobalOptions Options { get; } = new();
    public Signals Signals { get; init; } = Signals.None();

    /// <summary>The verb changes something: its exit code says what became of that, also where its words could not be written.</summary>
    public bool Changes { get; set; }

    /// <summary>Environment variables; tests bring their own.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Where this machine's configuration is; tests bring their own.</summary>
    public string SystemDirectory { get; init; } = ConfigRequest.DefaultSystemDirectory;
}
