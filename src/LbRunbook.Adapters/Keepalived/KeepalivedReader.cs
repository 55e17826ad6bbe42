using System.Net;
using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Keepalived;

/// <summary>From what the node said to what keepalived is and does there.</summary>
internal static class KeepalivedReader
{
    /// <param name="report">What the script printed.</param>
    /// <param name="addresses">The kernel's, read in the same trip: whoever has an instance's address is its master.</param>
    /// <returns>Null = keepalived is not used on the node.</returns>
    public static KeepalivedState? Build(KeepalivedReport report, IReadOnlyList<HeldAddress> addresses)
    {
        if (report.Daemons.Count == 0 && report.Unseen.Count == 0)
            return null;
        var read = report.Daemons.Select(d => (Daemon: d, Config: KeepalivedConfig.Parse(d.Files, d.ConfigId))).ToList();
        var problems = read.SelectMany(r => Problems(r.Daemon, r.Config)).Concat(Unseen(report)).ToList();
        return new()
        {
            Runs = report.Unseen.Count > 0 || report.Daemons.Any(d => d.Runs),
            Frozen = report.Daemons.Any(d => d.Frozen),
            ConfigPath = string.Join(", ", report.Daemons.Select(d => d.ConfigPath)),
            RunBy = report.Daemons.FirstOrDefault(d => d.Runs && d.By.Length > 0) is { } foreign
                ? $"{foreign.By} (process {foreign.Pid})"
                : null,
            Error = problems.Count > 0 ? string.Join("; ", problems) : null,
            MayEdit = report.Daemons.All(d => d.MayEdit),
            Instances =
            [
                .. read.SelectMany(r => new VrrpInstanceReader(r.Config.Top, r.Daemon, Spellings(addresses, r.Config.Top)).All())
                    .DistinctBy(i => i.Name),
            ],
        };
    }

    private static IEnumerable<string> Problems(KeepalivedDaemon daemon, KeepalivedConfig config)
    {
        if (daemon.Unread.Count > 0)
            yield return $"{string.Join(", ", daemon.Unread)} may not be read by this login";
        else if (daemon.Files.Count == 0)
            yield return $"there is no {daemon.ConfigPath}";
        if (config.NotFollowed.Count > 0)
            yield return $"what it includes by {string.Join(", ", config.NotFollowed)} could not be found";
    }

    private static IEnumerable<string> Unseen(KeepalivedReport report) => report.Unseen.Select(pid =>
        $"whether its process {pid} is the host's or a container's may not be seen by this login (a rule for readlink /proc/*/ns/net)");

    /// <summary>Held addresses in the spelling of the configuration: fd00::1 has many.</summary>
    private static HashSet<string> Spellings(IReadOnlyList<HeldAddress> addresses, KeepalivedDirective top)
    {
        // On lo it is kept for open connections (a hand-over), and says nothing about the election.
        var held = addresses.Where(a => !a.Silent).Select(a => IPAddress.TryParse(a.Address, out var parsed) ? parsed : null)
            .OfType<IPAddress>().ToHashSet();
        return [.. top.All("vrrp_instance").SelectMany(i => i.All("virtual_ipaddress").Concat(i.All("virtual_ipaddress_excluded")))
            .SelectMany(b => b.Children).Select(c => c.Name.Split('/')[0])
            .Where(a => IPAddress.TryParse(a, out var parsed) && held.Contains(parsed))];
    }
}
