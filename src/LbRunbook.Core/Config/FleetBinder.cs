using System.Net;
using LbRunbook.Core.Model;
using LbRunbook.Core.Text;

namespace LbRunbook.Core.Config;

/// <summary>The whole file → <see cref="Fleet"/>, with the rules that concern more than one section.</summary>
internal static class FleetBinder
{
    private static readonly FieldRule<FleetEnvironment> Environment = FieldRules.Choice(
        ("production", FleetEnvironment.Production), ("staging", FleetEnvironment.Staging), ("lab", FleetEnvironment.Lab));

    public static Fleet Bind(YamlMap file, string path, ProblemList problems)
    {
        PlainSecrets.Warn(file, problems);
        var root = new Section(file, "", ConfigKeys.Root, problems);
        var ssh = SshBinder.Bind(root, new SshOptions());
        var hosts = new UniqueNames("node or witness");
        var nodes = Nodes(root, ssh, hosts);
        var vips = Vips(root, nodes);
        return new Fleet
        {
            Cluster = root.Require("cluster", FieldRules.Name, "", "the cluster's name, such as web-prod"),
            Environment = root.Require("environment", Environment, FleetEnvironment.Production,
                "production, staging, lab (it decides how mutations are confirmed)"),
            Nodes = nodes,
            Vips = vips,
            Pools = PoolBinder.Bind(root, ssh, vips),
            Witnesses = Witnesses(root, ssh, hosts, nodes),
            Thresholds = ThresholdsBinder.Bind(root),
            Alerts = Alerts(root),
            SourcePath = path,
        };
    }

    private static List<Node> Nodes(Section root, SshOptions ssh, UniqueNames hosts)
    {
        var nodes = new List<Node>();
        foreach (var item in Items.Of(root, "nodes", "node", ConfigKeys.Node))
        {
            var node = NodeBinder.Bind(item, ssh);
            hosts.Add(item, "name", node.Name);
            // One address may carry two nodes only behind different ssh ports (forwarded ports of one gateway).
            if (node.Host.Length > 0)
                hosts.AddAddress(item, "host", node.Ssh.Port is null or 22 ? node.Host : $"{node.Host} port {node.Ssh.Port}");
            nodes.Add(node);
        }
        if (root.Value("nodes") is null or YamlList { Items.Count: 0 } or YamlScalar { IsNull: true })
            root.Error(root.KeyAt("nodes"), "no nodes; at least one load balancer: nodes: [{name: lb1, host: 192.0.2.11, proxy: haproxy}]");
        return nodes;
    }

    private static List<VirtualIp> Vips(Section root, List<Node> nodes)
    {
        var (vips, names) = (new List<VirtualIp>(), new UniqueNames("vip"));
        foreach (var item in Items.Of(root, "vips", "vip", ConfigKeys.Vip))
        {
            var vip = VipBinder.Bind(item);
            names.Add(item, "name", vip.Name);
            if (!vip.Address.Equals(IPAddress.None))
            {
                names.AddAddress(item, "address", vip.Address.ToString());
                if (nodes.Find(n => n.Host == vip.Address.ToString()) is { } owner)
                    item.Error(item.ValueAt("address"),
                        $"address {vip.Address} is the host of node {Shown.Quoted(owner.Name)}; a virtual IP must "
                            + "be able to leave its node");
            }
            vips.Add(vip);
        }
        return vips;
    }

    private static List<Witness> Witnesses(Section root, SshOptions ssh, UniqueNames hosts, List<Node> nodes)
    {
        var witnesses = new List<Witness>();
        foreach (var item in Items.Of(root, "witnesses", "witness", ConfigKeys.Witness))
        {
            var witness = NodeBinder.BindWitness(item, ssh);
            hosts.Add(item, "name", witness.Name);
            if (nodes.Find(n => n.Host == witness.Host && witness.Host.Length > 0) is { } node)
                item.Warning(item.ValueAt("host"),
                    $"host {witness.Host} is node {Shown.Quoted(node.Name)} itself; a witness must be a third party to count");
            witnesses.Add(witness);
        }
        return witnesses;
    }

    private static List<AlertTarget> Alerts(Section root)
    {
        var (alerts, names) = (new List<AlertTarget>(), new UniqueNames("alert"));
        foreach (var item in Items.Of(root, "alerts", "alert", ConfigKeys.Alert))
        {
            var alert = AlertBinder.Bind(item);
            names.Add(item, "name", alert.Name);
            alerts.Add(alert);
        }
        return alerts;
    }
}
