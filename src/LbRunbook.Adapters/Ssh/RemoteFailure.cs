using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Ssh;

/// <summary>A command's failure as the one exception that leaves the adapters.</summary>
internal static class RemoteFailure
{
    public static AdapterException Of(RemoteHost host, string operation, RemoteResult result, string? message = null)
    {
        var said = result.LastLine;
        // The scripts call sudo themselves for single commands, so its refusal arrives as their output.
        if (host.Ssh.Sudo && SudoFailure.Of(host, operation, result) is { } sudo)
            return sudo;
        var why = said.Length > 0 ? said : $"exit code {result.ExitCode}";
        return new(host.Name, operation, message ?? $"{operation} failed on {host.Name}: {why}");
    }
}
