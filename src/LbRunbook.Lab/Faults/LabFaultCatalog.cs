using LbRunbook.Core.Text;

namespace LbRunbook.Lab.Faults;

/// <summary>Every fault that there is.</summary>
internal static class LabFaultCatalog
{
    public static IReadOnlyList<LabFault> All { get; } =
    [
        new ServiceKillFault("proxy-kill", "the proxy is killed and does not come back") { Role = LabRole.Proxy },
        new ServiceFreezeFault("proxy-freeze", "the proxy's processes are stopped: it accepts and never answers") { Role = LabRole.Proxy },
        new ServiceKillFault("backend-kill", "the application is killed and does not come back") { Role = LabRole.Backend },
        new ServiceFreezeFault("backend-freeze", "the application's processes are stopped: it accepts and never answers")
        {
            Role = LabRole.Backend,
        },
        new HostFreezeFault("host-freeze", "the whole machine hangs: no process runs, nothing is answered, not even ARP"),
        new HostCutFault("host-cut", "the network cable is out; the machine runs on"),
        new HostKillFault("host-kill", "the power is off; healing boots it again"),
        new PacketFault("ssh-cut", "only SSH is dropped; ARP and service go on", "inet", PacketFault.Ssh),
        new PacketFault("vrrp-cut", "only VRRP (IP protocol 112) is dropped, both ways", "inet", PacketFault.Vrrp) { Role = LabRole.Proxy },
        new PacketFault("in-cut", "nothing arrives, not even ARP; what the host sends goes out", "netdev", PacketFault.In),
        new PacketFault("out-cut", "nothing goes out, not even ARP; what is sent to the host arrives", "netdev", PacketFault.Out),
        new ServiceFreezeFault("sshd-freeze", "sshd's processes are stopped: it accepts connections and says nothing")
        {
            Service = LabService.Sshd,
        },
        new DiskFullFault("disk-full", "no space is left on the host's /"),
        new SudoRevokeFault("sudo-revoke", "the login ops has lost its sudo rules"),
        new ClockStepFault("clock-step", "what is run over a new SSH login sees a clock one hour ahead (needs libfaketime)"),
        new OperatorCutFault(),
    ];

    public static LabFault Find(string name)
    {
        var names = All.Select(f => f.Name).ToList();
        return All.FirstOrDefault(f => f.Name == name)
            ?? throw new LabException(LabProblem.Unknown,
                $"no fault {name}{Nearest.Hint(name, names)}; there are {string.Join(", ", names)}", "lbctl lab break");
    }
}
