using System.CommandLine;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Cli.Runs;

/// <summary>The options that every verb which changes something has.</summary>
internal sealed class MutationOptions
{
    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Look and plan, change nothing" };
    public Option<bool> DetailedExitCode { get; } = new("--detailed-exitcode")
    {
        Description = "With --dry-run: exit 2 when there is something to do",
    };
    public Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Do not ask (staging; production needs --confirm)" };
    public Option<string?> Confirm { get; } = new("--confirm")
    {
        Description = "The cluster's name, instead of typing it at the prompt",
        HelpName = "CLUSTER",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[DryRun, DetailedExitCode, Yes, Confirm])
            command.Options.Add(option);
    }

    public MutationFlags Read(ParseResult parse) => new(
        parse.GetValue(DryRun), parse.GetValue(DetailedExitCode), parse.GetValue(Yes), parse.GetValue(Confirm));
}

internal sealed record MutationFlags(bool DryRun, bool DetailedExitCode, bool Yes, string? Confirm);
