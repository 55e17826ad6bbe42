using System.Globalization;
using LbRunbook.Adapters.Leases;
using LbRunbook.TestKit.Ssh;

namespace LbRunbook.Tests.Adapters.Leases;

/// <summary>A node's /run and /proc in a folder, and the real script over it.</summary>
internal sealed class LeaseNode : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lbctl-lease-").FullName;
    private TimeSpan _uptime = TimeSpan.FromHours(20);

    public LeaseNode()
    {
        Directory.CreateDirectory(Path.Combine(_root, "proc/sys/kernel/random"));
        Boot();
        Pass(TimeSpan.Zero);
        Leases = new(new LocalShell()) { PathsOf = _ => Paths };
    }

    public NodeLeases Leases { get; }
    public LeasePaths Paths => new(Path.Combine(_root, "run"), Path.Combine(_root, "proc"));
    public string File => Paths.FileOf("web-test");

    public void Pass(TimeSpan time)
    {
        _uptime += time;
        System.IO.File.WriteAllText(Path.Combine(_root, "proc/uptime"),
            string.Create(CultureInfo.InvariantCulture, $"{_uptime.TotalSeconds:0.00} 12.50\n"));
    }

    public void Reboot()
    {
        Directory.Delete(Paths.Directory, recursive: true);
        Boot();
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Boot() => System.IO.File.WriteAllText(Path.Combine(_root, "proc/sys/kernel/random/boot_id"), Guid.NewGuid() + "\n");
}
