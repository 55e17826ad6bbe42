using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.Lab;

namespace LbRunbook.Cli.Verbs.Lab;

internal static class ExecCommand
{
    public static Command Build(CliContext context)
    {
        var name = new LabName(context);
        var host = new Argument<string>("HOST") { Description = "lb1, web2, client…" };
        var words = new Argument<string[]>("CMD") { Description = "Command and arguments, after --", Arity = ArgumentArity.OneOrMore };
        var command = new Command("exec", "Run a command on a host of the lab over SSH; its exit code is passed on") { name.Option,
            host, words };
        LabAction.Set(command, context, async (parse, cancellation) =>
        {
            var lab = name.Existing(parse);
            var result = await new LabShell(lab).RunAsync(LabHosts.Find(lab, parse.GetValue(host)!), parse.GetValue(words)!, cancellation);
            await context.Streams.Out.WriteAsync(result.Output);
            await context.Streams.Error.WriteAsync(result.Error);
            return result.ExitCode;
        });
        return command.WithExamples(
            ("lbctl lab exec lb1 -- ip -br addr", "the addresses of lb1"),
            ("lbctl lab exec client -- curl -s http://10.213.1.100/whoami", "as a client sees it"));
    }
}
