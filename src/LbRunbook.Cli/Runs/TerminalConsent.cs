using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Cli.Runs;

/// <summary>
/// Risk decides the prompt: none, y/N, or the cluster's name. Without a terminal nothing is asked: the missing flag is named.
/// </summary>
/// <param name="yes"><c>--yes</c> was given.</param>
/// <param name="confirm">What <c>--confirm</c> named; null = it was not given.</param>
/// <param name="commandLine">As it was typed, for what to type instead.</param>
internal sealed class TerminalConsent(bool yes, string? confirm, Streams streams, string commandLine) : IConsent
{
    /// <summary>A prompt that is not on the screen by then is on none.</summary>
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(1);

    public async Task<bool> ObtainAsync(Plan plan, CancellationToken interrupted)
    {
        if (plan.Risk == Risk.Low)
            return true;
        if (confirm is { } name)
        {
            return name == plan.Cluster
                ? true
                : throw new OperatorException(
                    ExitCode.Usage,
                    $"--confirm {name} does not name this cluster, which is {plan.Cluster}; nothing was changed",
                    $"{commandLine} --confirm {plan.Cluster}");
        }
        if (plan.Risk == Risk.Moderate && yes)
            return true;
        var byName = plan.Risk == Risk.Severe;
        var answer = await AskAsync(byName ? $"Type the cluster's name ({plan.Cluster}) to go on: " : "Go on? [y/N] ", interrupted)
            ?? throw new OperatorException(
                ExitCode.Usage,
                $"{plan.Verb} on {plan.Environment.ToString().ToLowerInvariant()} must be confirmed and this is no "
                    + "terminal; nothing was changed",
                $"{commandLine} {(byName ? $"--confirm {plan.Cluster}" : "--yes")}");
        if (!byName)
            return answer.Trim() is "y" or "Y" or "yes";
        // Enter means no; another name may be meant for another terminal, and whoever typed it must not wonder what happened.
        if (answer.Trim() is { Length: > 0 } typed && typed != plan.Cluster)
        {
            await streams.Error.WriteLineAsync($"'{typed}' is not this cluster's name, which is {plan.Cluster}");
            streams.Drain(Shown);
        }
        return answer.Trim() == plan.Cluster;
    }

    /// <returns>Null = nobody can be asked here; empty = the terminal went away instead of answering.</returns>
    private async Task<string?> AskAsync(string question, CancellationToken interrupted)
    {
        if (!streams.InIsTerminal || !streams.ErrorIsTerminal)
            return null;
        await streams.Error.WriteAsync(question);
        streams.Drain(Shown);
        if (streams.ErrorLoss is not null)
            return null;
        // A signal does not end a read: it is left behind, in the process that ends.
        return await Task.Run(streams.In.ReadLine, CancellationToken.None).WaitAsync(interrupted) ?? "";
    }
}
