namespace LbRunbook.Lab;

/// <summary>Whether this machine can have a lab at all; everything that is missing is said at once.</summary>
internal static class LabPreflight
{
    private static readonly (string File, string Package)[] s_programs =
    [
        ("systemd-nspawn", "systemd-container"), ("ip", "iproute2"), ("ssh", "openssh-client"), ("ssh-keygen", "openssh-client"),
        ("sshd", "openssh-server"), ("nginx", "nginx-light"), ("socat", "socat"), ("arping", "iputils-arping"), ("nft", "nftables"),
        ("sudo", "sudo"), ("ndptool", "libndp-tools"), ("ndisc6", "ndisc6"),
        ("nsenter", "util-linux"), ("unshare", "util-linux"), ("setsid", "util-linux"),
    ];

    private static readonly string[] s_ownFileSystem = ["/etc", "/lib", "/usr", "/var"];

    public static void RequireRoot()
    {
        if (!OperatingSystem.IsLinux())
            throw new LabException(LabProblem.Refused, "a lab needs Linux; nothing was changed", "lbctl lab --help");
        if (!Environment.IsPrivilegedProcess)
            throw new LabException(LabProblem.Refused, "a lab needs root (mounts, network namespaces); nothing was changed",
                "sudo lbctl lab up");
    }

    public static void Require(string proxy, LabKeepalived keepalived = LabKeepalived.None)
    {
        RequireRoot();
        var missing = s_programs.Append((File: proxy, Package: proxy == "nginx" ? "nginx-light" : proxy))
            .Concat(keepalived == LabKeepalived.None ? [] : [("keepalived", "keepalived")]).Where(p => !Exists(p.File))
            .Select(p => p.Package).ToList();
        if (!File.Exists("/usr/lib/systemd/systemd"))
            missing.Add("systemd");
        if (missing.Count > 0)
            throw new LabException(LabProblem.Refused,
                $"missing on this machine: {string.Join(", ", missing.Distinct())}. Install with:\n  apt-get install -y "
                    + $"{string.Join(' ', missing.Distinct())}", "lbctl lab up");
        var mounted = File.ReadLines("/proc/self/mountinfo").Select(l => l.Split(' ')[4]).Intersect(s_ownFileSystem).ToList();
        if (mounted.Count > 0)
            throw new LabException(LabProblem.Refused,
                $"{string.Join(" and ", mounted)} is a file system of its own; lab hosts share the machine's root file "
                    + "system and would not see it");
        if (!LabCgroups.Hierarchies.Any())
            throw new LabException(LabProblem.Refused,
                "no control groups are mounted below /sys/fs/cgroup; systemd cannot run in a host without them");
        if (!Directory.Exists("/proc/sys/net/ipv6"))
            throw new LabException(LabProblem.Refused, "this kernel has no IPv6; the lab's second virtual IP needs it");
    }

    private static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin"])
            .Any(d => d.Length > 0 && File.Exists(Path.Combine(d, program)));
}
