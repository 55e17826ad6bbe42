using System.Text.RegularExpressions;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Services;

/// <summary>Why a unit failed, in its own words.</summary>
internal sealed partial class UnitJournal(IRemoteShell shell)
{
    /// <returns>The last line that the service itself wrote, else systemd's; null when the journal cannot be read.</returns>
    public async Task<string?> LastLineAsync(RemoteHost host, string unit, CancellationToken cancellation)
    {
        try
        {
            var command = new RemoteCommand("journalctl", "-u", unit, "-n", "20", "--no-pager", "-q", "-o", "short")
            {
                AsRoot = true,
                Timeout = TimeSpan.FromSeconds(3),
            };
            var result = await shell.RunAsync(host, command, cancellation);
            return result.Ok ? Pick(result.Output) : null;
        }
        catch (AdapterException)
        {
            // It only decorates an error that is reported anyway.
            return null;
        }
    }

    /// <summary>systemd's own lines say that it failed; the process says why.</summary>
    public static string? Pick(string journal)
    {
        var entries = journal.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(Split).Where(e => e.Text.Length > 0).ToList();
        return entries.LastOrDefault(e => e.Source != "systemd" && !IsRequest(e.Text)).Text
            ?? entries.LastOrDefault(e => e.Source == "systemd").Text ?? entries.LastOrDefault().Text;
    }

    /// <summary>What a proxy logged of its clients says nothing of its end: a request line, HAProxy's counts of connections.</summary>
    private static bool IsRequest(string text) => RequestLine().IsMatch(text);

    [GeneratedRegex(@" HTTP/[0-9.]+""| [0-9]+/[0-9]+/[0-9]+/[0-9]+/\+?[0-9]+ [0-9]+/[0-9]+", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex RequestLine();

    // "Nov 21 02:00:01 lb1 haproxy[4242]: [ALERT] …": month, day, time, host, source, text.
    private static (string Source, string Text) Split(string line)
    {
        var parts = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        return parts.Length < 6 || !parts[4].EndsWith(':')
            ? ("", line.StartsWith("-- ", StringComparison.Ordinal) ? "" : line.Trim())
            : (parts[4].TrimEnd(':').Split('[')[0], parts[5].Trim());
    }
}
