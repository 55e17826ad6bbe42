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
        if (report.Processes.Count == 0 && report.Files.Count == 0 && report.Unread.Count == 0)
            return null;
        var top = KeepalivedConfig.Parse(report.Files, report.ConfigId);
        return new()
        {
            Runs = report.Processes.Count > 0,
            Frozen = report.Processes.Any(p => p.State is 'T' or 't'),
            ConfigPath = report.ConfigPath,
            Error = report.Unread.Count > 0 ? $"{string.Join(", ", report.Unread)} may not be read by this login"
                : report.Files.Count == 0 ? $"there is no {report.ConfigPath}"
                : null,
            MayEdit = report.MayEdit,
            Instances = new VrrpInstanceReader(top, report, Spellings(addresses, top)).All(),
        };
    }

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
