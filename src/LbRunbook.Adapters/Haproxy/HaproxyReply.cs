namespace LbRunbook.Adapters.Haproxy;

/// <summary>
/// What a changing command answered. The Runtime API has no exit status: silence is success, and so are a few
/// announcements; anything else is a refusal in words.
/// </summary>
/// <param name="Error">The refusal, with what to do about it where that is known; null = it was done.</param>
internal sealed record HaproxyReply(string? Error)
{
    private static readonly string[] Announcements =
    [
        "New server registered.",
        "Server deleted.",
        "IP changed from ",
        "port changed from ",
        "no need to change the addr",
    ];

    public bool Ok => Error is null;

    public static HaproxyReply Parse(string reply)
    {
        var text = Printable.Line(reply);
        if (text.Length == 0 || Announcements.Any(a => text.StartsWith(a, StringComparison.Ordinal)))
            return new((string?)null);
        return new(text switch
        {
            _ when text.StartsWith("Permission denied", StringComparison.Ordinal) =>
                "the socket's level does not allow changes: configure `stats socket … level admin`",
            _ when text.StartsWith("Unknown command", StringComparison.Ordinal) =>
                "this HAProxy does not know the command, or the socket's level hides it",
            "Proxy is disabled." => "this worker belongs to an earlier configuration and takes no more changes",
            _ => text,
        });
    }
}
