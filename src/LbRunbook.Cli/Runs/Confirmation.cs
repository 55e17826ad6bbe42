using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Runs;

/// <summary>Risk decides the prompt: none, y/N, or the cluster's name. Without a terminal nothing is asked: the missing flag is named.</summary>
internal static class Confirmation
{
    /// <returns>True = go on; false = the operator said no.</returns>
    /// <exception cref="CliException">Usage (64): no terminal and no flag, or the wrong name.</exception>
    public static bool Obtain(Plan plan, MutationFlags flags, Streams streams, string commandLine)
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
        if (!streams.InIsTerminal || !streams.ErrorIsTerminal)
        {
            var flag = plan.Risk == Risk.Severe ? $"--confirm {plan.Cluster}" : "--yes";
            throw new CliException(ExitCode.Usage, $"{plan.Verb} on {plan.Environment.ToString().ToLowerInvariant()} must be confirmed and this is no terminal; nothing was changed", $"{commandLine} {flag}");
        }
        return plan.Risk == Risk.Severe ? AskForName(plan, streams) : AskYesNo(streams);
    }

    private static bool AskForName(Plan plan, Streams streams)
    {
        streams.Error.Write($"Type the cluster's name ({plan.Cluster}) to go on: ");
        return streams.In.ReadLine()?.Trim() == plan.Cluster;
    }

    /// <summary>Enter means no.</summary>
    private static bool AskYesNo(Streams streams)
    {
        streams.Error.Write("Go on? [y/N] ");
        return streams.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
