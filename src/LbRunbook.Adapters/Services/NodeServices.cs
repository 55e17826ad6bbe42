using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Services;

/// <summary>The proxy's service: systemd's, or whatever commands the configuration names instead.</summary>
internal sealed class NodeServices(IRemoteShell shell) : INodeServices
{
    private readonly UnitJournal _journal = new(shell);

    public async Task<ServiceState> ReadAsync(ServiceHost node, CancellationToken cancellation)
    {
        if (node.Service.Status is not { } status)
            return (await ShowAsync(node, cancellation)).State;
        var result = await shell.RunAsync(RemoteHost.Of(node), new RemoteCommand(status) { AsRoot = true }, cancellation);
        // 126 and 127 are the shell's: the command is not there, which is no statement about the service.
        if (result.ExitCode is 126 or 127)
            throw RemoteFailure.Of(RemoteHost.Of(node), string.Join(' ', status), result);
        return new(result.Ok, Enabled: null, result.Ok ? "running" : "stopped", MainPid: 0);
    }

    public async Task StartAsync(ServiceHost node, CancellationToken cancellation)
    {
        if (Custom(node, node.Service.Start, "start") is { } command)
        {
            await CustomAsync(node, command, cancellation);
            return;
        }
        var host = RemoteHost.Of(node);
        var result = await SystemctlAsync(node, "start", cancellation);
        if (result.Ok)
            return;
        var unit = await ShowAsync(node, cancellation);
        if (unit.HitStartLimit)
        {
            // It crashed too often a while ago; whether it does so now is what we are here to find out.
            await SystemctlAsync(node, "reset-failed", cancellation);
            result = await SystemctlAsync(node, "start", cancellation);
            if (result.Ok)
                return;
        }
        throw await FailureAsync(node, host, "start", unit, result, cancellation);
    }

    /// <summary>For whatever the node stands for: a backend's application, too.</summary>
    /// <param name="node">Where, and which service.</param>
    /// <param name="kill">Its processes are killed first: they did not stop when they were asked.</param>
    /// <param name="patience">For stopping and starting.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task RestartAsync(ServiceHost node, bool kill, TimeSpan patience, CancellationToken cancellation)
    {
        if (node.Service.Restart is { } restart)
        {
            await CustomAsync(node, restart, cancellation);
            return;
        }
        if (!node.Service.UsesSystemd)
        {
            await StopAsync(node, cancellation);
            await StartAsync(node, cancellation);
            return;
        }
        var host = RemoteHost.Of(node);
        if (kill)
            await shell.RunAsync(host, new("systemctl", "kill", "-s", "KILL", node.ServiceName) { AsRoot = true }, cancellation);
        // A unit that crashed too often would only be refused; without the rule for it the restart itself tells.
        if ((await ShowAsync(node, cancellation)).HitStartLimit)
            await SystemctlAsync(node, "reset-failed", cancellation);
        var result = await shell.RunAsync(host, new("systemctl", "restart", node.ServiceName) { AsRoot = true, Timeout = patience },
            cancellation);
        if (!result.Ok)
            throw await FailureAsync(node, host, "restart", await ShowAsync(node, cancellation), result, cancellation);
    }

    /// <returns>Null = as far as can be seen without trying, it can be restarted.</returns>
    public async Task<string?> WhyNotRestartAsync(ServiceHost node, CancellationToken cancellation)
    {
        if (node.Service.Restart is null && !node.Service.UsesSystemd)
            return node.Service is { Start: not null, Stop: not null }
                ? null
                : $"{node.Name} has neither a restart command nor one each for start and stop: add service.restart";
        var command = node.Service.Restart ?? ["systemctl", "restart", node.ServiceName];
        if (node.Service.Restart is null)
        {
            var unit = await ShowAsync(node, cancellation);
            if (!unit.Exists || unit.Masked)
                return (await FailureAsync(node, RemoteHost.Of(node), "restart", unit, new(1, "", "", default), cancellation)).Message;
        }
        if (!node.Ssh.Sudo)
            return null;
        var asked = await shell.RunAsync(RemoteHost.Of(node), new(["sudo", "-n", "-l", "--", .. command]) { Name = "sudo -l" },
            cancellation);
        return asked.Ok
            ? null
            : $"sudo on {node.Name} has no rule for {string.Join(' ', command)}: see LBCTL_BACKEND in config/sudoers.d/lbctl";
    }

    public async Task StopAsync(ServiceHost node, CancellationToken cancellation)
    {
        if (Custom(node, node.Service.Stop, "stop") is { } command)
        {
            await CustomAsync(node, command, cancellation);
            return;
        }
        var result = await SystemctlAsync(node, "stop", cancellation);
        if (!result.Ok)
            throw await FailureAsync(node, RemoteHost.Of(node), "stop", await ShowAsync(node, cancellation), result, cancellation);
    }

    public async Task SetEnabledAsync(ServiceHost node, bool enabled, CancellationToken cancellation)
    {
        if (!node.Service.UsesSystemd)
            return;
        var verb = enabled ? "enable" : "disable";
        var result = await SystemctlAsync(node, verb, cancellation);
        if (!result.Ok)
            throw await FailureAsync(node, RemoteHost.Of(node), verb, await ShowAsync(node, cancellation), result, cancellation);
    }

    private async Task<SystemctlShow> ShowAsync(ServiceHost node, CancellationToken cancellation)
    {
        var host = RemoteHost.Of(node);
        var result = await shell.RunAsync(host, new("systemctl", "show", "-p", SystemctlShow.Properties, node.ServiceName), cancellation);
        return result.Ok ? SystemctlShow.Parse(result.Output) : throw RemoteFailure.Of(host, "systemctl show", result);
    }

    private Task<RemoteResult> SystemctlAsync(ServiceHost node, string verb, CancellationToken cancellation) =>
        shell.RunAsync(RemoteHost.Of(node), new("systemctl", verb, node.ServiceName) { AsRoot = true }, cancellation);

    private async Task<AdapterException> FailureAsync(
        ServiceHost node, RemoteHost host, string verb, SystemctlShow unit, RemoteResult result, CancellationToken cancellation)
    {
        var operation = $"systemctl {verb} {node.ServiceName}";
        if (!unit.Exists)
            return new(node.Name, operation,
                $"there is no service {node.ServiceName} on {node.Name}; name the right one under service.name");
        if (unit.Masked)
            return new(node.Name, operation,
                $"{node.ServiceName} on {node.Name} is masked, so it cannot be "
                    + $"{verb switch { "start" or "restart" => verb + "ed", "stop" => "stopped", _ => verb + "d" }}: somebody has "
                    + $"switched it off on purpose (systemctl unmask {node.ServiceName})");
        // The journal says why; systemctl only says that one should look there.
        var said = verb is "start" or "stop" or "restart" ? await _journal.LastLineAsync(host, node.ServiceName, cancellation) : null;
        return RemoteFailure.Of(host, operation, result, said is null ? null : $"{operation} failed on {node.Name}: {said}");
    }

    private static IReadOnlyList<string>? Custom(ServiceHost node, IReadOnlyList<string>? command, string verb) =>
        command is null && node.Service.Status is not null
            ? throw new AdapterException(node.Name, $"{verb} service",
                $"{node.Name} has a status command but no {verb} command: add service.{verb}")
            : command;

    private async Task CustomAsync(ServiceHost node, IReadOnlyList<string> command, CancellationToken cancellation)
    {
        var result = await shell.RunAsync(RemoteHost.Of(node), new RemoteCommand(command) { AsRoot = true }, cancellation);
        if (!result.Ok)
            throw RemoteFailure.Of(RemoteHost.Of(node), string.Join(' ', command), result);
    }
}
