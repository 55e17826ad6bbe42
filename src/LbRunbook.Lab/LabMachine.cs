using LbRunbook.Adapters.Processes;

namespace LbRunbook.Lab;

/// <summary>Starts a host in the background; it outlives the lbctl that started it.</summary>
internal sealed class LabMachine(LabAddresses addresses, LabPaths paths)
{
    private const string NspawnRuntime = "/run/systemd/nspawn";

    /// <summary>
    /// Joins the control groups before anything of the host exists, and gives nspawn a private directory for its locks:
    /// killed, it could not take them away, and they would stay on the machine.
    /// </summary>
    private const string Launcher = """
        set -e
        exec </dev/null >>"$1" 2>&1
        shift
        while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs"; shift; done
        shift
        mount -t tmpfs -o mode=0755,size=1m lbctl-lab /run/systemd/nspawn
        exec "$@"
        """;

    public async Task StartAsync(LabHost host, CancellationToken cancellation)
    {
        var name = addresses.ObjectOf(host.Name);
        var groups = new LabCgroups(name);
        groups.Create();
        Directory.CreateDirectory(NspawnRuntime);
        string[] launch = ["--fork", "unshare", "--mount", "--propagation", "slave", "sh", "-c", Launcher, "lbctl-lab",
            paths.Log(host.Name), .. groups.Directories, "--"];
        string[] nspawn =
        [
            "systemd-nspawn", "--quiet", "--directory", paths.Root(host.Name), "--register=no", "--keep-unit", "--link-journal=no",
            $"--network-namespace-path={LabPaths.NetworkNamespaces}/{name}", $"--machine={name}", $"--hostname={host.Name}",
            "--resolv-conf=off", "--timezone=off", "--console=passive", "--capability=CAP_NET_ADMIN,CAP_NET_RAW",
        ];
        string[] payload = host.Boots ? ["--boot"] : ["--as-pid2", "--tmpfs=/run/sshd", "/usr/sbin/sshd", "-D", "-e"];
        // Else nspawn leaves /proc/sys/net read only in a namespace that it did not make, and no sysctl could be set in the host.
        var spec = new ProcessSpec("setsid", [.. launch, .. nspawn, .. payload])
        {
            Environment = new Dictionary<string, string?> { ["SYSTEMD_NSPAWN_API_VFS_WRITABLE"] = "network" },
        };
        var result = await ChildProcess.RunAsync(spec, cancellation);
        if (!result.Ok)
            throw new LabException(LabProblem.Failed, $"{host.Name} did not start: {result.Error.Trim()}");
    }

    public Task EndAsync(LabHost host, CancellationToken cancellation) =>
        LabProcesses.EndAsync(addresses.ObjectOf(host.Name), paths.Root(host.Name), cancellation);

    /// <summary>
    /// Runs a command inside, as the machine's root and not over the network, so that it works in a host that was cut off.
    /// </summary>
    public async Task RunInsideAsync(string doing, LabHost host, IReadOnlyList<string> command, CancellationToken cancellation)
    {
        var leader = LabProcesses.LeaderOf(addresses.ObjectOf(host.Name))
            ?? throw new LabException(LabProblem.Failed, $"{doing}: {host.Name} is not running", $"lbctl lab status --name {paths.Name}");
        await LabCommands.RunAsync(doing,
            ["nsenter", "--target", $"{leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--", .. command],
            cancellation);
    }

    /// <summary>The directory that nspawn wants goes with the last lab, when nobody else's machines use it.</summary>
    public static void ForgetRuntimeDirectory()
    {
        if (LabRegistry.Names().Count == 0)
            RemoveDirectory.Empty(NspawnRuntime);
    }
}
