using System.Net;

namespace LbRunbook.Core.Model;

/// <summary>
/// A program, other than keepalived, that gives addresses to a machine and gives them back when somebody takes them away.
/// </summary>
/// <param name="Name">As operators call it.</param>
/// <param name="Processes">By any of these it is found, by the first fifteen characters of a process's name.</param>
/// <param name="Files">Where it may say which addresses are its own; a folder stands for all that is in it.</param>
/// <param name="Advice">How it is asked to move one: address, FROM, TO, what it calls the address there (null = not known).</param>
/// <param name="Moves">It has an election, and runs on every node. Else it only holds what its files say.</param>
public sealed record AddressManager(
    string Name, IReadOnlyList<string> Processes, IReadOnlyList<string> Files, Func<IPAddress, string, string, string?, string> Advice,
    bool Moves = true)
{
    public static IReadOnlyList<AddressManager> All { get; } =
    [
        new("pacemaker", ["pacemakerd"], ["/var/lib/pacemaker/cib/cib.xml"],
            (_, _, to, resource) =>
                $"crm resource move {resource ?? "RESOURCE"} {to}   (or: pcs resource move {resource ?? "RESOURCE"} {to})"),
        new("heartbeat", ["heartbeat"], ["/etc/ha.d/haresources"], (_, from, _, _) => $"/usr/share/heartbeat/hb_standby   (on {from})"),
        new("vip-manager", ["vip-manager"], ["/etc/default/vip-manager.yml", "/etc/vip-manager.yml", "/etc/patroni/vip-manager.yml"],
            (_, _, to, _) => $"patronictl switchover --candidate {to}   (vip-manager follows the leader)"),
        new("patroni", ["patroni"], [], (_, _, to, _) => $"patronictl switchover --candidate {to}   (its callbacks move the address)"),
        new("ucarp", ["ucarp"], [], (_, from, _, _) => $"pkill -USR2 -x ucarp   (on {from}: it gives the address up)"),
        new("vrrpd", ["vrrpd", "uvrrpd"], ["/etc/frr/frr.conf"],
            (_, from, _, _) => $"lower its priority, or stop it, on {from}: the other one takes over"),
        new("kube-vip", ["kube-vip"], ["/etc/kubernetes/manifests"],
            (_, from, _, _) => $"kubectl -n kube-system delete pod kube-vip-{from}   (another one becomes the leader)"),
        new("systemd-networkd", ["systemd-network"], ["/etc/systemd/network", "/run/systemd/network", "/etc/netplan"],
            (address, from, to, _) => $"take {address} out of its file on {from}, put it there on {to}, then: networkctl reload "
                + "(netplan apply)",
            Moves: false),
        new("NetworkManager", ["NetworkManager"],
            ["/etc/NetworkManager/system-connections", "/run/NetworkManager/system-connections", "/etc/sysconfig/network-scripts"],
            (address, from, to, _) => $"nmcli connection modify NAME -ipv{Version(address)}.addresses {address}   (on {from}; "
                + $"+ipv{Version(address)}.addresses on {to}), then: nmcli connection up NAME",
            Moves: false),
        new("ifupdown", ["ifup", "ifupdown2d"], ["/etc/network/interfaces", "/etc/network/interfaces.d"],
            (address, from, to, _) =>
                $"take {address} out of its file on {from}, put it there on {to}: the next ifup or boot brings it back",
            Moves: false),
    ];

    public static AddressManager? Find(string name) => All.FirstOrDefault(m => m.Name == name);

    private static int Version(IPAddress address) => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? 6 : 4;
}
