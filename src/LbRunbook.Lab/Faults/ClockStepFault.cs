using LbRunbook.Lab.Files;

namespace LbRunbook.Lab.Faults;

/// <summary>
/// All hosts share the machine's clock, which is nobody's to set. So only what is asked over a new SSH login sees another time, by way of
/// libfaketime: the commands, not the host's daemons, and not what sudo starts, which drops the preloaded library.
/// </summary>
internal sealed class ClockStepFault(string name, string meaning) : LabFault(name, meaning)
{
    private static readonly string[] s_folders = ["/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/aarch64-linux-gnu/faketime",
        "/usr/lib64/faketime", "/usr/lib/faketime"];

    public static string? FakeTime => s_folders.Select(f => f + "/libfaketime.so.1").FirstOrDefault(File.Exists);

    public override bool SurvivesPowerLoss => true;

    public override Task<ActiveFault> PrepareAsync(LabFaultContext context, LabHost host, CancellationToken cancellation)
    {
        if (!host.Boots)
            throw new LabException(LabProblem.Unknown, $"{Name} is for a host with systemd; {host.Name} is only an sshd",
                "lbctl lab break");
        if (FakeTime is null)
            throw new LabException(LabProblem.Refused,
                "missing on this machine: libfaketime. Install with:\n  apt-get install -y libfaketime\nNothing was changed.",
                $"lbctl lab break {Name} {host.Name}");
        return base.PrepareAsync(context, host, cancellation);
    }

    public override Task BreakAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation) =>
        ConfigureAsync(context, host,
            // A monotonic clock does not step, and what the kernel writes on files is its own time.
            Sshd(context, host) + $"SetEnv LD_PRELOAD={FakeTime} FAKETIME=+1h FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1\n",
            cancellation);

    public override Task HealAsync(LabFaultContext context, LabHost host, ActiveFault active, CancellationToken cancellation) =>
        ConfigureAsync(context, host, Sshd(context, host), cancellation);

    private static string Sshd(LabFaultContext context, LabHost host) =>
        string.Concat(File.ReadLines(context.Lab.Paths.Root(host.Name) + CommonFiles.SshdConfig)
            .Where(l => !l.StartsWith("SetEnv ", StringComparison.Ordinal)).Select(l => l + "\n"));

    private async Task ConfigureAsync(LabFaultContext context, LabHost host, string text, CancellationToken cancellation)
    {
        var file = context.Lab.Paths.Root(host.Name) + CommonFiles.SshdConfig;
        // Replaced as a whole: on a full disk the old one stays.
        await File.WriteAllTextAsync(file + ".new", text, cancellation);
        File.Move(file + ".new", file, overwrite: true);
        // Not reload: a restart has ended when it listens again. Connections that there are live on.
        await context.Machine.RunInsideAsync(Name, host, ["systemctl", "restart", "ssh"], cancellation);
    }
}
