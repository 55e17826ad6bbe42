using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Nginx;

/// <summary>
/// What the <c>upstream</c> blocks say of clients that come back. Of the file on disk: nginx shows nothing of what it runs with.
/// </summary>
internal static class NginxStickiness
{
    public static IReadOnlyList<PoolStickiness> Of(IReadOnlyList<NginxDirective> configuration)
    {
        var dead = new Dictionary<string, string>();
        foreach (var context in configuration.Where(c => c.Name is "http"))
            FindDeadEnds(context, null, dead);
        return
        [
            .. from context in configuration
               where context.Name is "http" or "stream"
               from upstream in context.Children
               where upstream is { Name: "upstream", Words.Count: >= 2 }
               select Of(upstream, dead.GetValueOrDefault(upstream.Words[1])),
        ];
    }

    private static PoolStickiness Of(NginxDirective upstream, string? dead)
    {
        List<string> by = [.. upstream.Children.Select(By).OfType<string>()];
        if (by.Count == 0 || dead is null)
            return new(upstream.Words[1], by);
        var servers = upstream.Children.Where(c => c.Name == "server").ToList();
        return new(upstream.Words[1], by) { DeadEnd = dead, UntilNoticed = !servers.Exists(s => s.Words.Contains("max_fails=0")) };
    }

    /// <summary>Whoever hashes the URI keeps caches warm; it has nothing to do with clients.</summary>
    private static string? By(NginxDirective directive) => directive.Words switch
    {
        ["ip_hash"] => "ip_hash",
        ["hash", var key, ..] when !key.Contains("uri", StringComparison.Ordinal) => $"hash {Printable.Line(key)}",
        ["sticky", ..] => Printable.Line(string.Join(" ", directive.Words.Take(3))),
        _ => null,
    };

    private static void FindDeadEnds(NginxDirective block, string? inherited, Dictionary<string, string> dead)
    {
        var next = block.Children.LastOrDefault(c => c.Name == "proxy_next_upstream") is { } own
            ? string.Join(' ', own.Words.Skip(1))
            : inherited;
        foreach (var child in block.Children)
        {
            if (next == "off" && child is { Name: "proxy_pass", Words.Count: 2 } && Upstream(child.Words[1]) is { } upstream)
                dead[upstream] = "proxy_next_upstream is off";
            if (child.IsBlock && child.Name != "upstream")
                FindDeadEnds(child, next, dead);
        }
    }

    private static string? Upstream(string url) =>
        url.IndexOf("://", StringComparison.Ordinal) is >= 0 and var at ? url[(at + 3)..].Split('/')[0] : null;
}
