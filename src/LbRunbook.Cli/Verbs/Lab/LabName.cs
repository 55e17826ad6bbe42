using System.CommandLine;
using System.Text.RegularExpressions;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;
using LbRunbook.Lab;

namespace LbRunbook.Cli.Verbs.Lab;

/// <summary>Which lab is meant: <c>--name</c>, else the global <c>--lab</c>, else the one that is called lab.</summary>
internal sealed partial class LabName(CliContext context)
{
    public const string Default = "lab";

    public Option<string?> Option { get; } = new("--name", "-n")
    {
        Description = $"Name of the lab (default: {Default})",
        HelpName = "NAME",
    };

    public string Of(ParseResult parse)
    {
        var name = parse.GetValue(Option) ?? parse.GetValue(context.Options.Lab) ?? Default;
        return Valid().IsMatch(name)
            ? name
            : throw new OperatorException(ExitCode.Usage,
                $"\"{name}\" cannot be a lab's name: small letters, digits and dashes, at most 32, please", "lbctl lab up --name practice");
    }

    /// <summary>The lab's state, or an error that names the labs that there are.</summary>
    public LabState Existing(ParseResult parse)
    {
        LabPreflight.RequireRoot();
        var name = Of(parse);
        var all = LabRegistry.Names();
        if (!all.Contains(name))
        {
            var known = all.Count == 0 ? "there is none" : $"there is {string.Join(", ", all)}";
            var next = Nearest.To(name, all) is { } near ? $"lbctl lab status --name {near}" : UpCommandFor(name);
            throw new OperatorException(ExitCode.Failed, $"no lab {name}: {known}{Nearest.Hint(name, all)}", next);
        }
        return LabStateFile.TryRead(new LabPaths(name))
            ?? throw new OperatorException(ExitCode.Failed, $"lab {name} has no state: its `up` was stopped half-way",
                $"lbctl lab down --name {name}");
    }

    public static string UpCommandFor(string name) => "lbctl lab up" + Suffix(name);

    public static string Suffix(string name) => name == Default ? "" : $" --name {name}";

    /// <summary>How the other verbs are pointed at this lab.</summary>
    public static string GlobalOption(string name) => name == Default ? "--lab" : $"--lab={name}";

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,31}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: Patterns.Patience)]
    private static partial Regex Valid();
}
