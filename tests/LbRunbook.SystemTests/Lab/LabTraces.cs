using LbRunbook.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Lab;

/// <summary>
/// Everything on the machine that belongs to one lab, found without the product's own search: by reading ip, mount, ps and the control
/// groups. Other labs may come and go meanwhile, hence by name and index and not by comparing whole lists.
/// </summary>
internal static class LabTraces
{
    public static async Task<IReadOnlyList<string>> FindAsync(string name, int index)
    {
        var prefix = $"lb{index}-";
        var traces = new List<string>();
        traces.AddRange((await ShellAsync("ip", "-o", "link")).Split('\n').Where(l => l.Contains($" {prefix}", StringComparison.Ordinal))
            .Select(l => "link: " + l));
        traces.AddRange((await ShellAsync("ip", "netns", "list")).Split('\n').Where(l => l.StartsWith(prefix, StringComparison.Ordinal))
            .Select(l => "namespace: " + l));
        traces.AddRange((await ShellAsync("mount")).Split('\n')
            .Where(l => l.Contains($"/run/lbctl/labs/{name}/", StringComparison.Ordinal)
                || l.Contains($"/run/netns/{prefix}", StringComparison.Ordinal)).Select(l => "mount: " + l));
        // A zombie is dead; when it is reaped is init's business.
        traces.AddRange((await ShellAsync("ps", "-eo", "stat,pid,cgroup:200,args")).Split('\n')
            .Where(l => !l.StartsWith('Z')
                && (l.Contains($"/{prefix}", StringComparison.Ordinal)
                    || l.Contains($"/labs/{name}/", StringComparison.Ordinal))).Select(l => "process: " + l));
        traces.AddRange((await ShellAsync("find", "/sys/fs/cgroup", "-type", "d", "-name", prefix + "*")).Split('\n')
            .Where(l => l.Length > 0).Select(l => "control group: " + l));
        traces.AddRange((await ShellAsync("find", "/run/systemd/nspawn", "-name", prefix + "*")).Split('\n').Where(l => l.Length > 0)
            .Select(l => "file: " + l));
        traces.AddRange((await ShellAsync("nft", "list", "tables")).Split('\n')
            .Where(l => l.Contains($" lab{index}_", StringComparison.Ordinal)).Select(l => "firewall: " + l));
        if (Directory.Exists($"/run/lbctl/labs/{name}"))
            traces.Add($"file: /run/lbctl/labs/{name}");
        if (LabRegistry.IndexesOf(name).Count > 0)
            traces.Add($"index of {name}");
        return traces;
    }

    private static async Task<string> ShellAsync(params IReadOnlyList<string> command) =>
        (await LabCommands.TryAsync(command, TestContext.Current.CancellationToken)).Output;
}
