using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Runs;

/// <summary>Risk decides the prompt: none, y/N, or the cluster's name. Without a terminal nothing is asked: the missing flag is named.</summary>
internal static class Confirmation
{
    /// <summary>A prompt that is not on the screen by then is on none.</summary>
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(1);

    /// <returns>True = go on; false = the operator said no.</returns>
    /// <exception cref="CliException">Usage (64): no terminal and no flag, or the wrong name.</exception>
    /// <exception cref="OperationCanceledException">A signal came before the answer.</exception>
    public static async Task<bool> ObtainAsync(
        Plan plan, MutationFlags flags, Streams streams, string commandLine, CancellationToken interrupted)
    {
        if (plan.Risk == Risk.Low)
            return true;
        if (flags.Confirm is { } name)
        {
            return name == plan.Cluster
                ? true
                : throw new CliException(ExitCode.Usage, $"--confirm {name} does not name this cluster, which is {plan.Cluster}; nothing was changed", $"{commandLine} --confirm {plan.Cluster}");
        }
        if (plan.Risk == Risk.Moderate && flags.Yes)
            return true;
        var byName = plan.Risk == Risk.Severe;
        var answer = await AskAsync(byName ? $"Type the cluster's name ({plan.Cluster}) to go on: " : "Go on? [y/N] ", streams, interrupted)
            ?? throw new CliException(
                ExitCode.Usage,
                $"{plan.Verb} on {plan.Environment.ToString().ToLowerInvariant()} must be confirmed and this is no terminal; nothing was changed",
                $"{commandLine} {(byName ? $"--confirm {plan.Cluster}" : "--yes")}");
        // Enter means no.
        return byName ? answer.Trim() == plan.Cluster : answer.Trim() is "y" or "Y" or "yes";
    }

    /// <returns>Null = nobody can be asked here; empty = the terminal went away instead of answering.</returns>
    private static async Task<string?> AskAsync(string question, Streams streams, CancellationToken interrupted)
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
