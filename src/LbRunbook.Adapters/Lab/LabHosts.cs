using LbRunbook.Core.Text;

namespace LbRunbook.Adapters.Lab;

internal static class LabHosts
{
    public static LabHost Find(LabState lab, string name)
    {
        var names = lab.Hosts.Select(h => h.Name).ToList();
        return lab.FindHost(name)
            ?? throw new LabException(LabProblem.Unknown, $"lab {lab.Name} has no host {name}{Nearest.Hint(name, names)}; it has {string.Join(", ", names)}", $"lbctl lab status --name {lab.Name}");
    }
}
