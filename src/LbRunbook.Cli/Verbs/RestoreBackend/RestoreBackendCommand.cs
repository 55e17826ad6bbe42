using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Backends;

namespace LbRunbook.Cli.Verbs.RestoreBackend;

/// <summary><c>lbctl restore-backend B</c>: back into rotation, after a check that really passed.</summary>
internal sealed class RestoreBackendCommand(CliContext context)
{
    private readonly Argument<string[]> _backends = BackendsArgument.Create("BACKEND",
        "Name, host or host:port, exactly; a host is meant in every pool; several at once");
    private readonly Option<string?> _from = new("--from") { Description = "In this pool only", HelpName = "POOL" };
    private readonly Option<string> _ramp = new("--ramp")
    {
        Description = "Let its weight grow from 10 % over this time; goes back if errors rise",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "0s",
    };
    private readonly Option<string> _wait = new("--wait")
    {
        Description = "How long its check may take to pass; after that it stays drained",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "60s",
    };
    private readonly MutationOptions _mutation = new();

    public Command Create()
    {
        var command = new Command("restore-backend", "Bring a backend back into rotation, after a check that passed") { _backends, _from,
            _ramp, _wait };
        _mutation.AddTo(command);
        command.SetAction((parse, _) => RunAsync(parse));
        return command.WithExamples(
            ("lbctl restore-backend web1", "as soon as it passes its check"),
            ("lbctl restore-backend web1 --ramp 60s", "its weight grows over a minute, its errors are watched"));
    }

    private Task<int> RunAsync(ParseResult parse)
    {
        var fleet = FleetSource.Load(parse, context);
        var targets = BackendLookup.Find(fleet, parse.GetRequiredValue(_backends), parse.GetValue(_from), "restore-backend");
        var ramp = CliValues.Duration("--ramp", parse.GetRequiredValue(_ramp), "restore-backend");
        var wait = CliValues.Duration("--wait", parse.GetRequiredValue(_wait), "restore-backend");
        return ActionRun.RunAsync(context, parse, fleet, _mutation.Read(parse), BackendAction.Restore(targets, wait, ramp));
    }
}
