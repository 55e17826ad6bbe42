namespace LbRunbook.Lab.Files;

/// <summary>What makes a copy of the machine a host of its own: name, keys, an sshd, and only the services that the lab asks for.</summary>
internal static class CommonFiles
{
    private const UnixFileMode OwnerOnlyDirectory = (UnixFileMode)0b111_000_000;

    /// <summary>Not needed in a host that lives for minutes, and each costs time at boot.</summary>
    private static readonly string[] s_masked =
    [
        "getty.target", "console-getty.service", "ldconfig.service", "systemd-sysusers.service", "systemd-firstboot.service",
        "systemd-journal-catalog-update.service", "systemd-hwdb-update.service", "systemd-update-done.service",
        "systemd-update-utmp.service",
        "systemd-update-utmp-runlevel.service", "systemd-tmpfiles-clean.timer", "systemd-binfmt.service", "systemd-modules-load.service",
        "systemd-random-seed.service", "systemd-machine-id-commit.service", "systemd-logind.service",
    ];

    /// <summary>
    /// What makes units of disks, consoles and old init scripts, at boot and at every reload of systemd: a lab host has none, and they are
    /// a dozen processes each time.
    /// </summary>
    private static IEnumerable<string> Generators => ((string[])["/usr/lib", "/lib", "/usr/local/lib"])
        .Select(d => $"{d}/systemd/system-generators").Where(Directory.Exists)
        .SelectMany(Directory.EnumerateFiles).Select(f => Path.GetFileName(f)).Distinct();

    public const string SshdConfig = "/etc/ssh/sshd_config";

    private const string Sshd = """
        Port 22
        HostKey /etc/ssh/ssh_host_ed25519_key
        PermitRootLogin prohibit-password
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        # Without PAM a login does not wait for logind.
        UsePAM no
        UseDNS no
        AuthorizedKeysFile .ssh/authorized_keys
        MaxStartups 200
        MaxSessions 100
        # The default key exchange costs each login about 150 ms of a small machine's time, and six hosts share this one.
        KexAlgorithms curve25519-sha256,curve25519-sha256@libssh.org
        PrintMotd no
        PrintLastLog no
        Subsystem sftp internal-sftp

        """;

    public static void Write(HostTree tree, LabState lab, LabHost host, string authorizedKey)
    {
        tree.Write("/etc/hostname", host.Name + "\n");
        tree.Write("/etc/machine-id", Guid.NewGuid().ToString("n") + "\n");
        tree.Write("/etc/hosts",
            "127.0.0.1 localhost\n::1 localhost\n" + string.Concat(lab.Hosts.Select(h => $"{lab.Addresses.V4(h.Number)} {h.Name}\n")));
        tree.Write("/etc/resolv.conf", "# No name service in a lab.\n");
        tree.Write("/etc/fstab", "");
        tree.Empty("/etc/ssh");
        tree.Write(SshdConfig, Sshd);
        tree.Write("/etc/ssh/ssh_host_ed25519_key", File.ReadAllText(lab.Paths.HostKey(host.Name)), HostTree.Private);
        // Whatever the machine's own root runs at every login must not slow down or change commands in the lab.
        tree.Empty("/root", OwnerOnlyDirectory);
        tree.Empty("/root/.ssh", OwnerOnlyDirectory);
        tree.Write("/root/.ssh/authorized_keys", authorizedKey, HostTree.Private);
        // Without PAM sshd refuses an account whose password field starts with "!"; nobody needs the machine's password hashes here.
        var accounts = tree.Read("/etc/shadow").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(':'));
        tree.Write("/etc/shadow", string.Concat(accounts.Select(a => $"{a[0]}:*:{string.Join(':', a.Skip(2))}\n")), HostTree.Private);
        WriteUnits(tree);
    }

    public static void Enable(HostTree tree, string unit) =>
        tree.Link($"/etc/systemd/system/multi-user.target.wants/{unit}.service", $"/usr/lib/systemd/system/{unit}.service");

    /// <summary>An empty list, then what is wanted: whatever the machine has enabled cannot start here.</summary>
    private static void WriteUnits(HostTree tree)
    {
        tree.Empty("/etc/systemd/system");
        tree.Empty("/etc/init.d");
        for (var level = 0; level <= 6; level++)
            tree.Empty($"/etc/rc{level}.d");
        tree.Empty("/etc/rcS.d");
        tree.Link("/etc/systemd/system/default.target", "/usr/lib/systemd/system/multi-user.target");
        foreach (var unit in s_masked)
            tree.Link($"/etc/systemd/system/{unit}", "/dev/null");
        foreach (var generator in Generators)
            tree.Link($"/etc/systemd/system-generators/{generator}", "/dev/null");
        tree.Write("/etc/systemd/journald.conf", "[Journal]\nStorage=volatile\nRuntimeMaxUse=16M\n");
        tree.Link("/etc/systemd/system/sshd.service", "/usr/lib/systemd/system/ssh.service");
        Enable(tree, "ssh");
    }
}
