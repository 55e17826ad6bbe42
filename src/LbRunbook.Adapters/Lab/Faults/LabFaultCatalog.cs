using LbRunbook.Core.Text;

namespace LbRunbook.Adapters.Lab.Faults;

/// <summary>Every fault that there is.</summary>
internal static class LabFaultCatalog
{
    public static IReadOnlyList<LabFault> All { get; } =
    [
        new ServiceKillFault("proxy-kill", "the proxy is killed and does not come back") { Role = LabRole.Proxy },
        new ServiceFreezeFault("proxy-freeze", "the proxy's processes are stopped: it accepts and never answers") { Role = LabRole.Proxy },
        new ServiceKillFault("backend-kill", "the application is killed and does not come back") { Role = LabRole.Backend },
        new ServiceFreezeFault("backend-freeze", "the application's processes are stopped: it accepts and never answers") { Role = LabRole.Backend },
        new HostFreezeFault("host-freeze", "the whole machine hangs: no process runs, nothing is answered, not even ARP"),
        new HostCutFault("host-cut", "the network cable is out; the machine runs on"),
        new SshCutFault("ssh-cut", "only SSH is dropped; ARP and service go on"),
        new HostKillFault("host-kill", "the power is off; healing boots it again"),
    ];

    public static LabFault Find(string name)
    {
        var names = All.Select(f => f.Name).ToList();
        return All.FirstOrDefault(f => f.Name == name)
            ?? throw new LabException(LabProblem.Unknown, $"no fault {name}{Nearest.Hint(name, names)}; there are {string.Join(", ", names)}", "lbctl lab break --help");
    }
}
