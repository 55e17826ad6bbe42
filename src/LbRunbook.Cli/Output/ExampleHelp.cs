using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Output;

/// <summary>
/// <c>--help</c> that begins with examples: at 3 AM nobody derives a command from its grammar.
/// The library's own help builder is not public, so its output is kept as it is and the examples go before it.
/// </summary>
internal static class ExampleHelp
{
    private const int Width = 80;
    private static readonly ConditionalWeakTable<Command, IReadOnlyList<(string Command, string Meaning)>> Examples = [];

    /// <returns>The command itself, for chaining.</returns>
    public static Command WithExamples(this Command command, params IReadOnlyList<(string Command, string Meaning)> examples)
    {
        Examples.AddOrUpdate(command, examples);
        return command;
    }

    /// <summary>Called once on the root: its help option is the one that every verb inherits.</summary>
    public static void UseExampleHelp(this RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            if (option.Action is HelpAction standard)
                option.Action = new Action(standard);
        }
    }

    private static void Write(TextWriter output, IReadOnlyList<(string Command, string Meaning)> examples)
    {
        var column = examples.Max(e => e.Command.Length) + 2;
        var besideEachOther = examples.All(e => 2 + column + 2 + e.Meaning.Length <= Width);
        output.WriteLine("Examples:");
        foreach (var (command, meaning) in examples)
        {
            if (besideEachOther)
            {
                output.WriteLine($"  {command.PadRight(column)}# {meaning}");
                continue;
            }
            output.WriteLine($"  # {meaning}");
            output.WriteLine($"  {command}");
        }
        output.WriteLine();
    }

    private sealed class Action(HelpAction standard) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            if (Examples.TryGetValue(parseResult.CommandResult.Command, out var examples))
                Write(parseResult.InvocationConfiguration.Output, examples);
            return standard.Invoke(parseResult);
        }
    }
}
