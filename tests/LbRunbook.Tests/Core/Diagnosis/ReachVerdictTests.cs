using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Observations;
using Xunit;

namespace LbRunbook.Tests.Core.Diagnosis;

/// <summary>Who saw what, and what that makes of the node: "down" is never one machine's word.</summary>
public sealed class ReachVerdictTests
{
    [Theory]
    // tcp: - not tried, 0 silent, 1 answers · wire: asked/heard by
    [InlineData("0", "here,lb2,client", "", "Down", "no sign of life for us, lb2 and client")]
    [InlineData("0", "lb2", "", "Down", "no sign of life for us and lb2")]
    [InlineData("0", "here", "", "Undecided", "no sign of life for us")]
    [InlineData("0", "", "", "Undecided", "no sign of life for us")]
    [InlineData("-", "", "", "Undecided", "")]
    [InlineData("0", "here,lb2", "lb2", "Alive", "lb2 still sees it, we do not")]
    [InlineData("0", "here,lb2,client", "lb2,client", "Alive", "lb2 and client still see it, we do not")]
    // TO does not reach it either, the client does: one who sees it is enough.
    [InlineData("0", "here,lb2,client", "client", "Alive", "client still sees it, we and lb2 do not")]
    [InlineData("1", "", "", "Alive", "we still see it")]
    [InlineData("0", "here,lb2", "here", "Alive", "we still see it, lb2 does not")]
    // Behind a jump host we have no eyes of our own: two others, or it stays undecided.
    [InlineData("-", "lb2,client", "", "Down", "no sign of life for lb2 and client")]
    [InlineData("-", "lb2", "", "Undecided", "no sign of life for lb2")]
    public void Of_WhoSawWhat_IsTheVerdict(string tcp, string asked, string heard, string verdict, string words)
    {
        var node = Node(tcp switch { "-" => null, "0" => false, _ => true }, Split(asked), Split(heard));
        Assert.Equal(Enum.Parse<ReachVerdict>(verdict), ReachVerdicts.Of(node));
        Assert.Equal(words, ReachVerdicts.Words(node));
    }

    [Theory]
    [InlineData(Reach.Ok)]
    [InlineData(Reach.SudoNeedsPassword)]
    public void Of_LoggedIn_IsReached(Reach reach) =>
        Assert.Equal(ReachVerdict.Reached, ReachVerdicts.Of(Node(false, ["here", "lb2"], []) with { Reach = reach }));

    [Fact]
    public void Decide_EveryCase_FollowsTheTable()
    {
        foreach (var verdict in Enum.GetValues<ReachVerdict>())
            foreach (var bits in Enumerable.Range(0, 32))
            {
                var (isolated, fence, accepted, unattended, ask) = ((bits & 1) > 0, (bits & 2) > 0, (bits & 4) > 0, (bits & 8) > 0,
                    (bits & 16) > 0);
                var decided = HolderRule.Decide(new(verdict, isolated, fence, accepted, unattended, ask));
                var known = verdict is ReachVerdict.Reached or ReachVerdict.Down;
                if (isolated)
                    Assert.Equal(HolderAction.Refuse, decided);
                else if (known)
                    Assert.Equal(HolderAction.GoOn, decided);
                else if (unattended)
                    Assert.Equal(HolderAction.Refuse, decided);
                else if (accepted)
                    Assert.Equal(HolderAction.GoOn, decided);
                else if (fence)
                    Assert.Equal(HolderAction.Fence, decided);
                else
                    Assert.Equal(verdict == ReachVerdict.Undecided && ask ? HolderAction.Ask : HolderAction.Refuse, decided);
            }
    }

    private static NodeObservation Node(bool? tcp, string[] asked, string[] heard) => new()
    {
        Node = "lb1", Reach = Reach.TimedOut, TcpAnswers = tcp, WireVantages = asked, WireHeardBy = heard,
        WireAnswers = asked.Length == 0 ? null : heard.Length > 0,
    };

    private static string[] Split(string names) => names.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
