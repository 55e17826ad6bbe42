namespace LbRunbook.Core.Observations;

/// <summary>How far SSH came, in the words that operators use.</summary>
public static class ReachWords
{
    public static string Word(this Reach reach) => reach switch
    {
        Reach.Ok => "ok",
        Reach.Unreachable => "unreachable",
        Reach.TimedOut => "timed out",
        Reach.Refused => "refused",
        Reach.HostKeyChanged => "host key changed",
        Reach.PermissionDenied => "login denied",
        Reach.SudoNeedsPassword => "sudo needs a password",
        _ => "failed",
    };
}
