using LbRunbook.Core.Leases;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Leases;

/// <summary>What lease.sh prints. The lease in it was on a machine where others write: data, never trusted to have a shape.</summary>
internal static class LeaseReport
{
    private const string Mark = "\n==lease==\n";

    /// <summary>A year: whatever claims to last longer is no lease.</summary>
    private const long Longest = 365L * 24 * 3600 * 100;

    /// <returns>Null when it is no report at all.</returns>
    public static LeaseReply? Parse(string output)
    {
        var at = output.IndexOf(Mark, StringComparison.Ordinal);
        // "unusable" has nothing more to say.
        if (LeaseText.Fields(at < 0 ? output : output[..at]) is not { } head || StateOf(head) is not { } state)
            return null;
        if (state == LeaseState.Unusable)
            return new(state) { Why = head.GetValueOrDefault("why") is { Length: > 0 } why ? why : "it did not say why" };
        if (at < 0 || LeaseText.Number(head, "now", long.MaxValue) is not { } now)
            return null;
        var released = LeaseText.Number(head, "released", now);
        return new(state, LeaseOf(output[(at + Mark.Length)..], now, state))
        {
            Boot = head.GetValueOrDefault("boot") ?? "",
            ReleasedAgo = released is { } then ? Hundredths(now - then) : null,
        };
    }

    private static LeaseState? StateOf(IReadOnlyDictionary<string, string> head) => head.GetValueOrDefault("result") switch
    {
        "free" => LeaseState.Free,
        "ours" => LeaseState.Ours,
        "others" => LeaseState.Others,
        "gone" => LeaseState.Gone,
        "unusable" => LeaseState.Unusable,
        _ => null,
    };

    /// <returns>Null when there is none.</returns>
    private static NodeLease? LeaseOf(string text, long now, LeaseState state)
    {
        if (LeaseText.Fields(text) is not { } fields)
            return new();
        if (fields.Count == 0 && state != LeaseState.Others)
            return null;
        var id = fields.GetValueOrDefault("id");
        if (id is null || !LeaseIds.IsValid(id)
            || LeaseText.Number(fields, "token", long.MaxValue) is not { } token
            || LeaseText.Number(fields, "taken", now) is not { } taken
            || LeaseText.Number(fields, "renewed", now) is not { } renewed
            || LeaseText.Number(fields, "ttl", Longest) is not { } ttl)
            return new();
        return new()
        {
            Id = id,
            Token = token,
            HeldFor = Hundredths(now - taken),
            ExpiresIn = Hundredths(Math.Max(0, renewed + ttl - now)),
            Holder = LeaseText.Read(fields),
        };
    }

    private static TimeSpan Hundredths(long count) => TimeSpan.FromMilliseconds(count * 10);
}
