using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;

namespace LbRunbook.Cli.Verbs.Assess;

/// <summary><c>lbctl assess</c>: what is wrong and what to type next, without changing anything.</summary>
internal static class AssessCommand
{
    private static readonly string[] Formats = ["human", "json", "nagios"];

    public static Command Build(CliContext context)
    {
        var budget = Duration("--budget", "Everything is seen or given up within this time", TimeSpan.FromSeconds(10));
        var watch = new Option<bool>("--watch", "-w") { Description = "Look again and again until Ctrl-C" };
        var interval = Duration("--interval", "Pause between two looks of --watch", TimeSpan.FromSeconds(2));
        var explain = new Option<string?>("--explain")
        {
            Description = "What a diagnosis code means and what to do about it",
            HelpName = "CODE",
        };
        var command = new Command("assess", "Look at everything at once: what is wrong, and what to type next") { budget, watch,
            interval, explain };
        command.Validators.Add(result =>
        {
            if (result.GetValue(context.Options.Output) is { } format && !Formats.Contains(format))
                result.AddError($"--output {format} is not a format of assess: "
                    + $"{string.Join(", ", Formats)}{Nearest.Hint(format, Formats)}");
        });
        command.SetAction((parse, cancellation) => AssessFailure.GuardAsync(context, parse, async () =>
        {
            if (parse.GetValue(explain) is { } code)
                return ExplainView.Write(code, context.Streams.Out);
            var options = new AssessOptions(Parsed(parse, budget), parse.GetValue(watch) ? Parsed(parse, interval) : null,
                parse.GetValue(context.Options.Output)!);
            var fleet = FleetSource.Load(parse, context);
            return await AssessRun.RunAsync(context, options, fleet, NextCommand.From(parse, context.Options), cancellation);
        }));
        return command.WithExamples(
            ("lbctl assess", "the whole cluster, with findings and what to type"),
            ("lbctl assess --watch", "the same, repainted every two seconds"),
            ("lbctl assess --output nagios", "one line and exit code 0-3 for a monitoring system"),
            ("lbctl assess --output json", "one JSON document"),
            ("lbctl assess --explain VipDuplicate", "what a diagnosis code means"));
    }

    private static Option<string> Duration(string name, string description, TimeSpan usual)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = "TIME",
            DefaultValueFactory = _ => Durations.Format(usual),
        };
        option.Validators.Add(result =>
        {
            if (!Durations.TryParse(result.GetValueOrDefault<string>(), out var value) || value <= TimeSpan.Zero)
                result.AddError($"{name} {result.GetValueOrDefault<string>()}: not a duration above zero; {Durations.Allowed}");
        });
        return option;
    }

    private static TimeSpan Parsed(ParseResult parse, Option<string> option) => Durations.Parse(parse.GetValue(option)!);
}

/// <param name="Interval">Null = look once.</param>
/// <param name="Format">human, json, nagios.</param>
internal sealed record AssessOptions(TimeSpan Budget, TimeSpan? Interval, string Format);
