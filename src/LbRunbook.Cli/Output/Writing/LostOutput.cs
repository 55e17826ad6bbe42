using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Output.Writing;

/// <summary>The end of the process: what one stream could not say the other one says, and a command that only prints has failed.</summary>
internal static class LostOutput
{
    /// <summary>After a signal nobody waits longer for a reader that does not read.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <param name="human">stdout is for people; a machine's has its own format and nothing else.</param>
    /// <param name="code">What the verb ended with.</param>
    /// <param name="leaving">A signal has come.</param>
    /// <returns>
    /// What the process ends with. A change that was made stays what it is; a look that nobody could read is none (Nagios: UNKNOWN).
    /// </returns>
    public static int Tell(CliContext context, string verb, bool human, int code, CancellationToken leaving)
    {
        var streams = context.Streams;
        void Drain() => streams.Drain(waited => !leaving.IsCancellationRequested || waited < Patience);
        Drain();
        var (output, error) = (streams.OutLoss, streams.ErrorLoss);
        if (output is null && error is null)
            return code;
        // "| head" has read what it wanted.
        if (!context.Changes && (output ?? error) is { ReaderGone: true })
            return code;
        if (output is not null)
            streams.Error.Write(Said("stdout", output, !context.Changes ? "" : human ? output.Text : LastLine(output.Text)));
        if (error is not null && human)
            streams.Out.Write(Said("stderr", error, error.Text));
        Drain();
        if (output is null || context.Changes || code != ExitCode.Done)
            return code;
        return verb == "assess" ? ExitCode.NagiosUnknown : ExitCode.Failed;
    }

    private static string Said(string stream, Loss loss, string text) =>
        $"lbctl: {stream} could not be written ({loss.Reason}){(text.Length == 0 ? "" : $"; it was to say:\n{text.TrimEnd('\n')}")}\n";

    /// <summary>Of a machine's lines the one that holds the outcome.</summary>
    private static string LastLine(string text) => text.TrimEnd('\n').Split('\n')[^1];
}
