using System.CommandLine;
using System.CommandLine.Parsing;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;

namespace LbRunbook.Cli;

/// <summary>What the parser did not understand, with the nearest valid word.</summary>
internal static class UsageErrors
{
    public static OperatorException Explain(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var words = Words(parse.RootCommandResult.Command, command).ToList();
        var lines = parse.Errors.Select(e => e.Message).Distinct().ToList();
        // An argument that takes several words takes a misspelt option for one of them.
        var taken = parse.Tokens.Where(t => t.Type == TokenType.Argument && t.Value.StartsWith("--", StringComparison.Ordinal));
        foreach (var token in parse.UnmatchedTokens.Concat(taken.Select(t => t.Value)).Distinct())
        {
            if (Nearest.To(token, words) is { } near)
                lines.Add($"'{token}': did you mean {near}?");
        }
        var help = command is RootCommand ? "lbctl --help" : $"lbctl {Path(parse)} --help";
        return new OperatorException(ExitCode.Usage, string.Join("\n       ", lines), help);
    }

    private static IEnumerable<string> Words(Command root, Command command) =>
        command.Subcommands.Select(c => c.Name)
            .Concat(command.Options.Where(o => !o.Hidden).Select(o => o.Name))
            .Concat(root.Options.Select(o => o.Name));

    private static string Path(ParseResult parse)
    {
        var names = new List<string>();
        for (var result = parse.CommandResult; result is { Command: not RootCommand };
            result = result.Parent as CommandResult)
            names.Insert(0, result.Command.Name);
        return string.Join(' ', names);
    }
}
