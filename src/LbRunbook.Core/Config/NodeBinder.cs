using LbRunbook.Core.Model;

namespace LbRunbook.Core.Config;

/// <summary><c>nodes:</c> and <c>witnesses:</c>.</summary>
internal static class NodeBinder
{
    private static readonly (string Name, ProxyKind Kind)[] Kinds =
        [.. Enum.GetValues<ProxyKind>().Select(k => (BalancerAbilities.Of(k).Name, k))];

    private static readonly FieldRule<ProxyKind> Proxy = FieldRules.Choice(Kinds);

    public static Node Bind(Section node, SshOptions ssh)
    {
        var defaults = new Node { Name = "", Host = "", Proxy = ProxyKind.Haproxy };
        return defaults with
        {
            Name = node.Require("name", FieldRules.Name, ""),
            Host = node.Require("host", AddressRules.Host, ""),
            Proxy = node.Require("proxy", Proxy, ProxyKind.Haproxy, string.Join(", ", Kinds.Select(k => k.Name))),
            Interface = node.Get("interface", AddressRules.Interface, defaults.Interface),
            Priority = node.Get("priority", FieldRules.Integer(1, 255), defaults.Priority),
            Ssh = SshBinder.Bind(node, ssh),
            Service = ServiceBinder.Bind(node),
            Exec = CommandBinder.Bind(node, "exec"),
            Haproxy = BindHaproxy(node, defaults.Haproxy),
            Nginx = BindNginx(node, defaults.Nginx),
            Keepalived = BindKeepalived(node, defaults.Keepalived),
            Fence = FenceBinder.Bind(node),
        };
    }

    public static Witness BindWitness(Section witness, SshOptions ssh)
    {
        var defaults = new Witness { Name = "", Host = "" };
        return defaults with
        {
            Name = witness.Require("name", FieldRules.Name, ""),
            Host = witness.Require("host", AddressRules.Host, ""),
            Interface = witness.Get("interface", AddressRules.Interface, defaults.Interface),
            Ssh = SshBinder.Bind(witness, ssh),
        };
    }

    private static HaproxyOptions BindHaproxy(Section node, HaproxyOptions defaults)
    {
        if (node.Map("haproxy", $"{node.Title}, haproxy", ConfigKeys.Haproxy) is not { } haproxy) return defaults;
        var config = PathsBinder.Bind(haproxy, "config") ?? [defaults.Config];
        return new HaproxyOptions
        {
            Socket = haproxy.Get("socket", FieldRules.AbsolutePath, defaults.Socket),
            MasterSocket = PathOrNone(haproxy, "masterSocket", defaults.MasterSocket),
            Config = config[0],
            MoreConfig = config.Count > 1 ? [.. config.Skip(1)] : defaults.MoreConfig,
            StateFile = PathOrNone(haproxy, "stateFile", defaults.StateFile),
            CloseMap = PathOrNone(haproxy, "closeMap", defaults.CloseMap),
            Binary = haproxy.Get("binary", FieldRules.Program, defaults.Binary),
        };
    }

    private static NginxOptions BindNginx(Section node, NginxOptions defaults)
    {
        if (node.Map("nginx", $"{node.Title}, nginx", ConfigKeys.Nginx) is not { } nginx) return defaults;
        return new NginxOptions
        {
            Config = nginx.Get("config", FieldRules.AbsolutePath, defaults.Config),
            Status = nginx.Get("status", FieldRules.HttpUri, defaults.Status),
            PidFile = nginx.Get("pidFile", FieldRules.AbsolutePath, defaults.PidFile),
            CloseFile = PathOrNone(nginx, "closeFile", defaults.CloseFile),
            Binary = nginx.Get("binary", FieldRules.Program, defaults.Binary),
        };
    }

    private static KeepalivedOptions BindKeepalived(Section node, KeepalivedOptions defaults)
    {
        if (node.Map("keepalived", $"{node.Title}, keepalived", ConfigKeys.Keepalived) is not { } keepalived) return defaults;
        return new KeepalivedOptions
        {
            Config = keepalived.Get("config", FieldRules.AbsolutePath, defaults.Config),
            Service = keepalived.Get("service", ServiceBinder.Unit, defaults.Service),
        };
    }

    private static string? PathOrNone(Section section, string key, string? fallback) =>
        section.IsExplicitNull(key)
            ? null
            : section.Get<string?>(key, (string text, out string? value) => FieldRules.AbsolutePath(text, out value!), fallback);
}
