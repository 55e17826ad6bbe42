using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;

namespace LbRunbook.Engine.Scale;

/// <summary>The pool that is meant: the named one, else the only one with emergency backends.</summary>
internal static class PoolChoice
{
    /// <param name="name">Null = not said.</param>
    /// <param name="verb">For the next command.</param>
    public static Pool Of(Fleet fleet, string? name, string verb)
    {
        var able = fleet.Pools.Where(p => p.Emergency.Count > 0).ToList();
        var names = fleet.Pools.Select(p => p.Name).ToList();
        if (name is not null && !names.Contains(name))
            throw new OperatorException(ExitCode.Usage,
                $"no pool '{name}' in cluster {fleet.Cluster}; there are {string.Join(", ", names)}{Nearest.Hint(name, names)}",
                able.Count > 0 ? $"lbctl {verb} --pool {able[0].Name}" : "lbctl assess");
        if (able.Count == 0 || (name is not null && able.All(p => p.Name != name)))
            throw new OperatorException(ExitCode.Configuration,
                $"{(name is null ? $"no pool of cluster {fleet.Cluster}" : $"pool {name}")} has emergency backends: list them under "
                    + $"emergency: of the pool{(fleet.SourcePath.Length > 0 ? $" in {fleet.SourcePath}" : "")}; nothing was changed",
                    able.Count > 0 ? $"lbctl {verb} --pool {able[0].Name}" : "lbctl assess");
        if (name is null && able.Count > 1)
            throw new OperatorException(ExitCode.Usage,
                $"pools {string.Join(", ", able.Select(p => p.Name))} have emergency backends: say which",
                $"lbctl {verb} --pool {able[0].Name}");
        return able.First(p => name is null || p.Name == name);
    }
}
