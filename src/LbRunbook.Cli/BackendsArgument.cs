using System.CommandLine;

namespace LbRunbook.Cli;

/// <summary>Backends of a verb, one or more. A misspelt option must not become the name of one.</summary>
internal static class BackendsArgument
{
    public static Argument<string[]> Create(string name, string description)
    {
        var argument = new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.OneOrMore };
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => t.Value.StartsWith('-')))
                result.AddError($"Unrecognized command or argument '{token.Value}'.");
        });
        return argument;
    }
}
