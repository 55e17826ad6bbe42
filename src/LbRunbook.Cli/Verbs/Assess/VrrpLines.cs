using LbRunbook.Cli.Output;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Verbs.Assess;

/// <summary>Who is what in keepalived's elections, one line for each virtual IP that it owns.</summary>
internal static class VrrpLines
{
    public static IEnumerable<string> Of(Fleet fleet, Observation observation)
    {
        foreach (var vip in fleet.Vips)
        {
            var roles = fleet.Nodes.OrderByDescending(n => n.Priority)
                .Select(n => (Node: n, Instance: observation.Nodes.FirstOrDefault(o => o.Node == n.Name)?.Keepalived?.InstanceOf(vip)))
                .Where(r => r.Instance is not null).Select(r => Role(r.Node, r.Instance!)).ToList();
            if (roles.Count > 0)
                yield return $"{PlainText.Markup(vip.Name)} keepalived: {string.Join(", ", roles)}";
        }
    }

    private static string Role(Node node, VrrpInstance instance)
    {
        var state = instance.State.ToString().ToUpperInvariant();
        var left = instance is { State: VrrpState.Stopped, Holds: true } ? ", address left behind" : "";
        var priority = instance.OriginalPriority is { } own ? $"{instance.Priority} instead of {own}"
            : instance.EffectivePriority is { } effective && effective != instance.Priority ? $"{effective} instead of {instance.Priority}"
            : $"{instance.Priority}";
        var more = $"priority {priority}{(instance.NoPreempt ? ", nopreempt" : "")}{left}";
        var word = instance.State is VrrpState.Master or VrrpState.Backup ? state : Tables.Bad(state);
        return $"{PlainText.Markup(node.Name)} {word} ({PlainText.Markup(more)})";
    }
}
