using LbRunbook.Lab.Files;

namespace LbRunbook.Lab.Faults;

/// <param name="Unit">systemd's name for it.</param>
internal sealed record LabService(string Unit, string Process)
{
    public static LabService Sshd { get; } = new("ssh", "sshd");

    public static LabService Of(LabState lab, LabHost host) =>
        host.Role is LabRole.Backend or LabRole.Spare ? new(BackendFiles.Unit, "nginx") : new(lab.Proxy, lab.Proxy);
}
