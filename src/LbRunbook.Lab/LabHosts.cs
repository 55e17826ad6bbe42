using LbRunbook.Core.Text;

namespace LbRunbook.Lab;

internal static class LabHosts
{
    /// <summary>Stands where a host's name stands when this machine's own part in the lab is meant.</summary>
    public const string Operator = "operator";

    public static LabHost ThisMachine { get; } = new(Operator, LabRole.Operator, LabAddresses.Machine);

    public static LabHost Find(LabState lab, string name)
    {
        var names = lab.Hosts.Select(h => h.Name).ToList();
        return lab.FindHost(name)
            ?? throw new LabException(LabProblem.Unknown,
                $"lab {lab.Name} has no host {name}{Nearest.Hint(name, names)}; it has {string.Join(", ", names)}",
                $"lbctl lab status --name {lab.Name}");
    }
}
