using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Failover;

/// <summary>
/// An address that FROM carries and the configuration does not name stays on FROM: in front of a stopped proxy nobody would serve it.
/// </summary>
internal static class UndeclaredGuards
{
    public static IEnumerable<Refusal> Check(Fleet fleet, FailoverSituation now)
    {
        if (!now.Request.StopProxy && now.Request.Verb != "drain")
            yield break;
        var left = UndeclaredAddresses.Of(fleet, now.From);
        if (left.Count == 0)
            yield break;
        var (from, to) = (now.Request.From.Name, now.Request.To.Name);
        yield return new("address-undeclared",
            $"{from} carries {string.Join(" and ", left.Select(a => $"{a.Address}/{a.PrefixLength}"))} as well, "
                + $"which is not under vips: of {fleet.Cluster}. It would stay there"
                + $"{(now.Request.StopProxy ? ", in front of a stopped proxy" : "")}: name it under vips: first",
            Next: $"lbctl failover {from} {to}");
    }
}
