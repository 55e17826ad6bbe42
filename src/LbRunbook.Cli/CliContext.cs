using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Config;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;
using LbRunbook.Engine.Runs;

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

    /// <summary>Instead of running what a verb has understood: how a test reads it. Null = it is run.</summary>
    public Func<Fleet, MutationFlags, IAction, Task<int>>? Instead { get; init; }

    /// <summary>Where journals, locks and histories are.</summary>
    public StatePaths State =>
        StatePaths.Of(Variable, Environment.IsPrivilegedProcess, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>Environment variables; tests bring their own.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Where this machine's configuration is; tests bring their own.</summary>
    public string SystemDirectory { get; init; } = ConfigRequest.DefaultSystemDirectory;
}
