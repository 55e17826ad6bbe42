using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;

namespace LbRunbook.Cli.Verbs.Probe;

/// <summary><c>--from</c>: any host of the configuration that can be logged in to.</summary>
internal static class ProbeVantage
{
    public static RemoteHost Find(Fleet fleet, string name)
    {
        var backends = fleet.Pools.SelectMany(p => p.Backends).ToList();
        if (fleet.Witnesses.FirstOrDefault(w => w.Name == name) is { } witness)
            return RemoteHost.Of(witness);
        if (fleet.FindNode(name) is { } node)
            return RemoteHost.Of(node);
        if (backends.FirstOrDefault(b => b.Name == name) is { } backend)
            return backend.Ssh is not null
                ? RemoteHost.Of(backend)
                : throw new OperatorException(ExitCode.Usage, $"{name} has no ssh: in the configuration, so nothing can be run there",
                    "lbctl probe --help");
        var names = fleet.Witnesses.Select(w => w.Name).Concat(fleet.Nodes.Select(n => n.Name))
            .Concat(backends.Where(b => b.Ssh is not null).Select(b => b.Name)).ToList();
        throw new OperatorException(
            ExitCode.Usage,
            $"no host '{Shown.Clip(name)}' in cluster {fleet.Cluster}{Nearest.Hint(name, names)}; hosts: {string.Join(", ", names)}",
            Nearest.To(name, names) is { } near ? $"lbctl probe --from {near}" : "lbctl probe --help");
    }
}
