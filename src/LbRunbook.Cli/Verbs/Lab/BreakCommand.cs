using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.Lab.Faults;

namespace LbRunbook.Cli.Verbs.Lab;

internal static class BreakCommand
{
    public static Command Build(CliContext context)
    {
        var name = new LabName(context);
        var fault = new Argument<string?>("FAULT")
        {
            HelpName = "FAULT",
            Description = string.Join('\n', LabFaultCatalog.All.Select(f => $"{f.Name}: {f.Meaning}")),
            Arity = ArgumentArity.ZeroOrOne,
        };
        var host = new Argument<string?>("HOST") { Description = "lb1, web2…", Arity = ArgumentArity.ZeroOrOne };
        fault.CompletionSources.Add(_ => LabFaultCatalog.All.Select(f => new System.CommandLine.Completions.CompletionItem(f.Name)));
        var command = new Command("break", "Let something go wrong with a host of the lab") { name.Option, fault, host };
        LabAction.Set(command, context, async (parse, cancellation) =>
        {
            if (parse.GetValue(fault) is not { } word)
                return await ListAsync(context);
            context.Changes = true;
            var wanted = LabFaultCatalog.Find(word);
            var lab = name.Existing(parse);
            var target = wanted.FindHost(lab, parse.GetValue(host)).Name;
            var news = await new LabFaultRunner(lab.Paths).BreakAsync(wanted, target, cancellation);
            await context.Streams.Out.WriteLineAsync($"{target}: {wanted.Meaning}{(news ? "" : " (already so)")}");
            await context.Streams.Out.WriteLineAsync($"Next: lbctl lab heal {wanted.Name} {target}{LabName.Suffix(lab.Name)}");
            return ExitCode.Done;
        });
        return command.WithExamples(
            ("lbctl lab break", "every fault that there is"),
            ("lbctl lab break proxy-kill lb1", "HAProxy or nginx dies on lb1"),
            ("lbctl lab break host-freeze lb1", "lb1 hangs: nothing answers, not even ARP"),
            ("lbctl lab break operator-cut", "this machine loses its link to the lab"),
            ("lbctl lab heal all", "everything is put right again"));
    }

    private static async Task<int> ListAsync(CliContext context)
    {
        var width = LabFaultCatalog.All.Max(f => f.Name.Length);
        foreach (var fault in LabFaultCatalog.All)
            await context.Streams.Out.WriteLineAsync($"{fault.Name.PadRight(width)}  {fault.Meaning}");
        return ExitCode.Done;
    }
}
