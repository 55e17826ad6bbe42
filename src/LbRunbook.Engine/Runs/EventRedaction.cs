using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;

namespace LbRunbook.Engine.Runs;

/// <summary>
/// Takes secrets out of all that an event says. A step is data, not words: it stays as it is, or the journal could not take it back;
/// steps hold names and numbers of the configuration, and no configuration value that may be a secret becomes a part of one.
/// </summary>
internal static class EventRedaction
{
    public static RunEvent Apply(RunEvent e) => e switch
    {
        PlanMade p => p with { Title = Clean(p.Title), Warnings = Clean(p.Warnings), Sentences = Clean(p.Sentences) },
        RunStarted r => r with { Title = Clean(r.Title) },
        StepStarted s => s with { Text = Clean(s.Text) },
        StepWaiting w => w with { Seen = Clean(w.Seen) },
        StepNoted n => n with { Text = Clean(n.Text) },
        StepFinished f => f with { Detail = Clean(f.Detail) },
        RunWarned w => w with { Message = Clean(w.Message) },
        Alerted a => a with { Message = Clean(a.Message) },
        RunOutcome o => Apply(o),
        _ => e,
    };

    private static RunOutcome Apply(RunOutcome o) => o with
    {
        Message = o.Message is null ? null : Clean(o.Message),
        Next = o.Next is null ? null : Clean(o.Next),
        Or = o.Or is null ? null : Clean(o.Or),
        Notes = Clean(o.Notes),
        Steps = [.. o.Steps.Select(s => s with { Text = Clean(s.Text), Detail = Clean(s.Detail) })],
        Refusals = [.. o.Refusals.Select(r => r with { Reason = Clean(r.Reason), Next = r.Next is null ? null : Clean(r.Next) })],
    };

    private static string Clean(string text) => Redaction.Apply(text);

    private static IReadOnlyList<string> Clean(IReadOnlyList<string> texts) => [.. texts.Select(Clean)];
}
