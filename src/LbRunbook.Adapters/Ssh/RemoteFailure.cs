using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Ssh;

/// <summary>A command's failure as the one exception that leaves the adapters.</summary>
internal static class RemoteFailure
{
    public static AdapterException Of(RemoteHost host, string operation, RemoteResult result, string? message = null)
    {
        var said = result.LastLine;
        // The scripts call sudo themselves for single commands, so its refusal arrives as their output.
        if (result.Error.Contains("sudo:", StringComparison.Ordinal) && result.Error.Contains("required", StringComparison.Ordinal))
            return new(host.Name, operation, $"{operation} on {host.Name} needs root, and sudo wants a password there: add a NOPASSWD rule for {host.Ssh.User ?? "the user"}", Reach.SudoNeedsPassword);
        var why = said.Length > 0 ? said : $"exit code {result.ExitCode}";
        return new(host.Name, operation, message ?? $"{operation} failed on {host.Name}: {why}");
    }
}
