using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Config;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;
using LbRunbook.Lab;

namespace LbRunbook.Cli;

/// <summary>The fleet that a verb works on: a lab's with <c>--lab</c>, else the configured one. Contacts nothing.</summary>
internal static class FleetSource
{
    public static Fleet Load(ParseResult parse, CliContext context)
    {
        var path = parse.GetResult(context.Options.Lab) is null ? ConfiguredPath(parse, context) : LabPath(parse, context);
        var result = ConfigLoader.Load(path);
        foreach (var problem in result.Problems) context.Streams.Error.WriteLine(problem);
        if (result.Fleet is { } fleet) return fleet;
        var errors = result.Problems.Count(p => p.IsError);
        throw new OperatorException(
            ExitCode.Configuration,
            $"{errors} {(errors == 1 ? "error" : "errors")} in the configuration {path}; nothing was contacted and nothing changed. Mend "
                + "the file, then repeat the command.",
            CommandText.Of(parse));
    }

    private static string ConfiguredPath(ParseResult parse, CliContext context)
    {
        var request = new ConfigRequest(parse.GetValue(context.Options.Config), parse.GetValue(context.Options.Cluster), context.Variable)
        {
            SystemDirectory = context.SystemDirectory,
        };
        var location = ConfigLocator.Locate(request);
        if (location.Path is { } path) return path;
        throw new OperatorException(
            ExitCode.Configuration,
            $"{location.Message} Nothing was contacted and nothing changed.",
            location.Problem switch
            {
                LocateProblem.NothingFound => "lbctl lab up",
                LocateProblem.AmbiguousCluster => CommandText.With(parse, "--config", location.Clusters[0].Path, without: "--cluster"),
                _ when location.Suggestion is { } cluster => CommandText.With(parse, "--cluster", cluster),
                _ => "lbctl lab up",
            });
    }

    private static string LabPath(ParseResult parse, CliContext context)
    {
        foreach (var option in (Option<string?>[])[context.Options.Config, context.Options.Cluster])
        {
            if (parse.GetResult(option) is not null)
                throw new OperatorException(ExitCode.Usage,
                    $"--lab and {option.Name} exclude each other: a lab brings its own configuration.",
                    CommandText.Without(parse, option.Name));
        }
        var name = parse.GetValue(context.Options.Lab) ?? Verbs.Lab.LabName.Default;
        // The name becomes a folder's name: nothing that could climb out of /run/lbctl/labs gets that far.
        if (FieldRules.Name(name, out _) is { } wrong)
            throw new OperatorException(ExitCode.Usage, $"lab name {Shown.Quoted(name)} {wrong}", "lbctl lab list");
        var path = new LabPaths(name).Config;
        if (File.Exists(path)) return path;
        var labs = Labs();
        throw new OperatorException(
            ExitCode.Configuration,
            $"there is no lab {Shown.Quoted(name)}; "
                + $"{(labs.Count == 0 ? "none is up" : $"there is {string.Join(", ", labs)}")}{FieldRules.DidYouMean(name, labs)}",
            Nearest.To(name, labs) is { } near
                ? CommandText.WithWord(parse, "--lab=" + near, without: "--lab")
                : Verbs.Lab.LabName.UpCommandFor(name));
    }

    private static IReadOnlyList<string> Labs()
    {
        try
        {
            return LabRegistry.Names();
        }
        catch (UnauthorizedAccessException)
        {
            throw new OperatorException(ExitCode.Configuration,
                $"labs belong to root, and user {Environment.UserName} may not look into {LabPaths.Labs}", "sudo lbctl lab list");
        }
    }
}
