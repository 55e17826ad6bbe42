namespace LbRunbook.Adapters.Wire;

/// <summary>How long the wire is listened to. A living host answers in a millisecond; the rest is for lost frames and busy hosts.</summary>
internal static class WireTiming
{
    /// <summary>Silence is concluded after this.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMilliseconds(150);

    /// <summary>The same on another host: the way there and back comes on top, and the answer is due with ours.</summary>
    public static readonly TimeSpan RemoteWindow = TimeSpan.FromMilliseconds(100);

    /// <summary>Where sudo and arping have to start first; a question that was never sent must not be mistaken for silence.</summary>
    public static readonly TimeSpan SudoWindow = TimeSpan.FromMilliseconds(220);

    /// <summary>After a first answer: a second holder is as fast as the first.</summary>
    public static readonly TimeSpan AfterAnswer = TimeSpan.FromMilliseconds(60);

    /// <summary>One lost frame must not read as silence.</summary>
    public const int Questions = 3;

    /// <summary>Head start of a better vantage point over the next kind.</summary>
    public static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(80);

    /// <summary>When somebody has heard silence, the others get no longer than this from the start.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromMilliseconds(350);

    /// <summary>What looking for a second holder may cost: it stands in the way of every emergency.</summary>
    public static readonly TimeSpan DuplicateLimit = TimeSpan.FromMilliseconds(200);

    /// <summary>For as many vantage points as a verdict needs: a first login on a busy host must not make it undecided.</summary>
    public static readonly TimeSpan EveryoneLimit = TimeSpan.FromSeconds(2);

    /// <summary>When nobody could ask yet: a first SSH connection takes a few hundred milliseconds.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(1000);
}
