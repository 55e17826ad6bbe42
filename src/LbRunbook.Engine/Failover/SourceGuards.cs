using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Failover;

/// <summary>Two holders would split the traffic: reasons why FROM's address must not be given to TO yet.</summary>
internal static class SourceGuards
{
    private const string FenceExample = "fence: [{address: ANOTHER-ADDRESS-OF-IT}, {command: [AGENT, ARGUMENT, ...]}]";

    public static IEnumerable<Refusal> Check(FailoverSituation now)
    {
        if (now.Request.AcceptSplitBrain && !now.Request.Unattended)
            yield break;
        foreach (var (vip, macs) in now.Strangers)
            yield return new("vip-is-taken",
                $"{string.Join(" and ", macs)} answers for {vip.Address} ({vip.Name}), and no node of this cluster has that MAC: find "
                    + "that machine and take the address away there first", FailoverGuards.AcceptSplitBrain, "lbctl assess");
        foreach (var (vip, third) in now.ThirdHolders)
            yield return new("vip-is-taken", $"{third} carries {vip.Name} ({vip.Address}) as well", FailoverGuards.AcceptSplitBrain,
                "lbctl failover --sweep");
        if (Unreached(now) is { } refusal)
            yield return refusal;
    }

    private static Refusal? Unreached(FailoverSituation now)
    {
        var from = now.Request.From;
        if (now.From.Reach == Reach.SudoNeedsPassword)
            return new("source-sudo",
                $"its address cannot be taken from {from.Name}: sudo needs a password for {from.Ssh.User ?? "this login"} there "
                    + $"({now.From.ReachDetail}), and two holders would split the traffic", FailoverGuards.AcceptSplitBrain,
                    Next: "lbctl assess");
        if (now.Holder != HolderAction.Refuse)
            return null;
        var unreachable = $"{from.Name} cannot be reached ({now.From.ReachDetail?.TrimEnd('.') ?? now.From.Reach.ToString()})";
        var overrides = now.Request.Unattended ? null : FailoverGuards.AcceptSplitBrain;
        if (now.FromVerdict == ReachVerdict.Alive)
            return new("holder-silent",
                $"{unreachable}, but it is alive ({Signs(now)}): its address cannot be taken from it, and two holders would split "
                    + $"the traffic. {Remedy(now)}", overrides);
        return new("holder-silent",
            $"{unreachable}, and {Undecided(now)}: \"down\" takes {ReachVerdicts.VantagesForDown} vantage points, of which one is not "
                + $"this machine. {Remedy(now)}", overrides);
    }

    private static string Remedy(FailoverSituation now)
    {
        var from = now.Request.From;
        if (now.Request.Unattended)
            return "Nothing acts on that by itself";
        if (now.HasFence || (now.Request.NoFence && from.Fence.Count > 0))
            return "--no-fence: its fence was not used";
        return from.Fence.Count > 0
            ? $"Its fence ({string.Join(", ", from.Fence.Select(m => m.Name))}) is not carried out by this build. Stop that machine "
                + "(power, hypervisor, switch port) first"
            : $"Stop that machine (power, hypervisor, switch port) first, or configure under node {from.Name} how "
                + $"lbctl can: {FenceExample}";
    }

    private static string Undecided(FailoverSituation now) =>
        ReachVerdicts.Words(now.From) is { Length: > 0 } words
            ? $"nobody else on its network segment could look ({words})"
            : "nobody on its network segment could look whether it still lives";

    private static string Signs(FailoverSituation now)
    {
        var signs = new List<string>();
        if (now.From.WireAnswers == true)
            signs.Add($"it answers ARP: {ReachVerdicts.Words(now.From)}");
        if (now.VipsAnsweredByAnother is { Count: > 0 } vips)
            signs.Add($"somebody answers ARP for {string.Join(", ", vips)}");
        if (now.From.TcpAnswers == true)
            signs.Add("its SSH port accepts connections");
        return string.Join(", ", signs);
    }
}
