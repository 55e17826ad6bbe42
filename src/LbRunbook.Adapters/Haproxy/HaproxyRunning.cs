using System.Globalization;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>What a script needs to know of the HAProxy that runs, so that a test of it is a test of what a reload would load.</summary>
/// <param name="Node">With its paths: see <see cref="HaproxyFinder.As"/>.</param>
/// <param name="Process">Null = none was found.</param>
/// <param name="Elsewhere">Why none was found, where there is one that may be it; null = there is none.</param>
internal sealed record HaproxyRunning(Node Node, HaproxyProcess? Process, string? Elsewhere)
{
    /// <summary>What <c>haproxy-environment.sh</c> takes.</summary>
    public IReadOnlyList<string> Where => Process is null ? ["", ""]
        : [Process.Pid.ToString(CultureInfo.InvariantCulture), Process.Directory];

    public IReadOnlyList<string> TestWords => Process is { Words.Config.Count: > 0 } known && known.Words.Config.All(c => c.StartsWith('/'))
        ? known.Words.Test
        : [.. Node.Haproxy.AllConfig.SelectMany(c => (string[])["-f", c])];

    public static async Task<HaproxyRunning> OfAsync(IRemoteShell shell, Node node, CancellationToken cancellation)
    {
        var seen = await HaproxyFinder.SeeAsync(shell, node, cancellation);
        var process = HaproxyFinder.Of(node, seen, null);
        return new(HaproxyFinder.As(node, process), process, process is null ? HaproxyFinder.Elsewhere(node, seen) : null);
    }

    /// <param name="name">The script that comes behind.</param>
    public static string Script(string name) => EmbeddedScript.Read("haproxy-environment.sh") + EmbeddedScript.Read(name);
}
