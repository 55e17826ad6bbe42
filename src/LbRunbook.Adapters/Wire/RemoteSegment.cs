using System.Net;
using System.Text.RegularExpressions;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Text;

namespace LbRunbook.Adapters.Wire;

/// <summary>Asks the wire from another host.</summary>
internal sealed partial class RemoteSegment(IRemoteShell shell)
{
    private const string AsRoot = "perl python3 arping ndisc6";
    private const string UnderSudo = "arping ndisc6 perl python3";

    /// <summary>Which tools may be tried; tests force one.</summary>
    public string? Tools { get; init; }

    /// <returns>Distinct MACs; null = that host cannot ask.</returns>
    public async Task<IReadOnlyList<string>?> AskAsync(
        RemoteHost host, string interfaceName, IPAddress target, CancellationToken cancellation)
    {
        var command = RemoteCommand.Script(
            EmbeddedScript.Read("ask.sh"),
            target.ToString(),
            target.GetAddressBytes().Length == 4 ? "32" : "128",
            interfaceName,
            Convert.ToHexStringLower(target.GetAddressBytes()),
            $"{(host.Ssh.Sudo ? WireTiming.SudoWindow : WireTiming.RemoteWindow).TotalMilliseconds}",
            host.Ssh.Sudo ? "sudo" : "",
            Tools ?? (host.Ssh.Sudo ? UnderSudo : AsRoot),
            EmbeddedScript.Read("frames.pl"),
            EmbeddedScript.Read("frames.py"));
        try
        {
            var result = await shell.RunAsync(host, command, cancellation);
            return result.Ok
                ? [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Where(m => Mac().IsMatch(m)).Select(m => m.ToLowerInvariant()).Distinct()]
                : null;
        }
        catch (AdapterException)
        {
            // The caller has other vantage points; that this one is out shows in its own observation.
            return null;
        }
    }

    /// <summary>A warning of a tool's (a locale that is not there) is nobody's address.</summary>
    [GeneratedRegex("^([0-9A-Fa-f]{1,2}:){5}[0-9A-Fa-f]{1,2}$", RegexOptions.ExplicitCapture, Patterns.Patience)]
    private static partial Regex Mac();
}
