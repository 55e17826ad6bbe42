using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.Lab;
using LbRunbook.Lab.Faults;

namespace LbRunbook.Cli.Verbs.Lab;

internal static class HealCommand
{
    private const string Everything = "all";

    public static Command Build(CliContext context)
    {
        var name = new LabName(context);
        var fault = new Argument<string>("FAULT") { Description = $"The fault, or {Everything}", DefaultValueFactory = _ => Everything };
        var host = new Argument<string?>("HOST") { Description = "Where it was made", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("heal", "Put right what `lab break` broke") { name.Option, fault, host };
        LabAction.Set(command, context, async (parse, cancellation) =>
        {
            context.Changes = true;
            var wanted = parse.GetValue(fault)!;
            var lab = name.Existing(parse);
            var runner = new LabFaultRunner(lab.Paths);
            if (wanted == Everything)
            {
                var healed = await runner.HealAllAsync(cancellation);
                await context.Streams.Out.WriteLineAsync(healed.Count == 0
                    ? "nothing to heal"
                    : "healed " + string.Join(", ", healed.Select(f => $"{f.Fault} {f.Host}")));
                return ExitCode.Done;
            }
            var known = LabFaultCatalog.Find(wanted);
            if (parse.GetValue(host) is null && known.Role != LabRole.Operator)
                throw new OperatorException(ExitCode.Usage, $"heal {wanted} on which host?",
                    $"lbctl lab heal all{LabName.Suffix(lab.Name)}");
            var target = known.FindHost(lab, parse.GetValue(host)).Name;
            var done = await runner.HealAsync(known, target, cancellation);
            await context.Streams.Out.WriteLineAsync(done
                ? $"healed {wanted} {target}"
                : $"{wanted} is not active on {target}: nothing to heal");
            return ExitCode.Done;
        });
        return command.WithExamples(
            ("lbctl lab heal all", "every fault, the latest first"),
            ("lbctl lab heal host-kill lb1", "lb1 boots again"));
    }
}
