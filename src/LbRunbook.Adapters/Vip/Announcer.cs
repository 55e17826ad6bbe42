using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Vip;

/// <summary>
/// Gratuitous ARP or unsolicited NA from the holder itself: now, and by a repeater that it keeps for +1 s and +5 s.
/// </summary>
internal sealed class Announcer(IRemoteShell shell)
{
    // Raw frames take milliseconds and are the same everywhere. Under sudo, arping is what a narrow rule can allow.
    private const string AsRoot = "perl python3 arping ndptool";
    private const string UnderSudo = "arping ndptool perl python3";
    private const int NotHeld = 3;
    private const int NoTool = 4;

    /// <summary>Which of them may be tried; tests force one.</summary>
    public string? Tools { get; init; }

    /// <returns>The tool that sent.</returns>
    public async Task<string> AnnounceAsync(Node node, VirtualIp vip, CancellationToken cancellation)
    {
        var host = RemoteHost.Of(node);
        var sudo = node.Ssh.Sudo;
        var command = RemoteCommand.Script(
            EmbeddedScript.Read("announce.sh"),
            vip.Address.ToString(),
            vip.IsIPv6 ? "128" : "32",
            vip.InterfaceOn(node),
            Convert.ToHexStringLower(vip.Address.GetAddressBytes()),
            sudo ? "sudo" : "",
            Tools ?? (sudo ? UnderSudo : AsRoot),
            EmbeddedScript.Read("frames.pl"),
            EmbeddedScript.Read("frames.py"));
        var result = await shell.RunAsync(host, command, cancellation);
        return result.ExitCode switch
        {
            0 => result.Output.Trim(),
            NotHeld => throw new AdapterException(node.Name, "announce",
                $"{node.Name} does not hold {vip.Address} on {vip.InterfaceOn(node)}, so it was not announced"),
            // A narrow rule can allow ndptool, but never an interpreter.
            _ when result.ExitCode == NoTool || (sudo && IsInterpreterRefused(result.Error)) =>
                throw new AdapterException(node.Name, "announce",
                    $"{node.Name} has nothing to announce {vip.Address} with: install {Wanted(vip, sudo)} there"),
            _ => throw RemoteFailure.Of(host, $"announcing {vip.Address}", result),
        };
    }

    /// <summary>The repeater is known by how announce.sh was called; exit 1 of pkill means that there was none.</summary>
    public Task QuietAsync(Node node, VirtualIp vip, CancellationToken cancellation)
    {
        var address = vip.Address.ToString().Replace(".", "\\.", StringComparison.Ordinal);
        var repeater = $"^sh -s -- {address} {(vip.IsIPv6 ? "128" : "32")} {vip.InterfaceOn(node)} ";
        return shell.RunAsync(RemoteHost.Of(node), new RemoteCommand("pkill", "-KILL", "-f", repeater), cancellation);
    }

    private static bool IsInterpreterRefused(string error) =>
        error.StartsWith("perl: sudo:", StringComparison.Ordinal) || error.StartsWith("python3: sudo:", StringComparison.Ordinal);

    private static string Wanted(VirtualIp vip, bool sudo) => (vip.IsIPv6, sudo) switch
    {
        (true, true) => "libndp-tools (and its rule of config/sudoers.d/lbctl)",
        (false, true) => "iputils-arping",
        (true, false) => "perl-base, python3 or libndp-tools",
        (false, false) => "iputils-arping, perl-base or python3",
    };
}
