using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.Lab;

namespace LbRunbook.Cli.Verbs.Lab;

internal static class StatusCommand
{
    public static Command Build(CliContext context)
    {
        var name = new LabName(context);
        var command = new Command("status", "Hosts, addresses, who has the virtual IPs, and which faults are active") { name.Option };
        LabAction.Set(command, context, async (parse, cancellation) =>
        {
            var lab = name.Existing(parse);
            var hosts = await new LabInspector(lab).LookAsync(cancellation);
            var output = context.Streams.Out;
            await output.WriteLineAsync($"lab {lab.Name} (10.213.{lab.Index}.0/24, {lab.Proxy}){(lab.Ready ? "" : ": not ready")}");
            foreach (var host in hosts)
            {
                var vips = host.Vips.Count == 0 ? "" : $"  has {string.Join(", ", host.Vips)}";
                var faults = host.Faults.Count == 0 ? "" : $"  FAULT {string.Join(", ", host.Faults)}";
                await output.WriteLineAsync($"  {host.Host.Name,-7} {lab.Addresses.V4(host.Host.Number),-13} "
                    + $"{host.Host.Role.ToString().ToLowerInvariant(),-8} {host.Problem ?? "ok"}{vips}{faults}");
            }
            foreach (var fault in lab.Faults.Where(f => f.Host == LabHosts.Operator))
                await output.WriteLineAsync($"  {fault.Host}  FAULT {fault.Fault}");
            return ExitCode.Done;
        });
        return command;
    }
}
