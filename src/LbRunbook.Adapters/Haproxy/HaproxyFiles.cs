using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>The files of a HAProxy's configuration, those in its folders included.</summary>
internal static class HaproxyFiles
{
    // HAProxy takes those that end in .cfg, in the order of their names, and none that begins with a dot.
    private const string Script = """
        for path in "$@"; do
            if [ -d "$path" ]; then for file in "$path"/*.cfg; do [ ! -f "$file" ] || printf '%s\n' "$file"; done
            else printf '%s\n' "$path"; fi
        done
        """;

    public static async Task<IReadOnlyList<string>> ListAsync(IRemoteShell shell, Node node, CancellationToken cancellation)
    {
        if (node.Haproxy.AllConfig is [var only] && only.EndsWith(".cfg", StringComparison.Ordinal))
            return [only];
        var result = await shell.RunAsync(RemoteHost.Of(node), RemoteCommand.Script(Script, [.. node.Haproxy.AllConfig]), cancellation);
        return [.. result.Output.Split('\n').Where(l => l.StartsWith('/'))];
    }

    public static async Task<string> ReadAsync(IRemoteShell shell, Node node, string path, CancellationToken cancellation)
    {
        var host = RemoteHost.Of(node);
        var result = await shell.RunAsync(host, new("cat", "--", path), cancellation);
        return result.Ok && !result.Truncated ? result.Output
            : throw RemoteFailure.Of(host, "reading the configuration", result,
                $"{path} on {node.Name} cannot be read: {Printable.Line(result.LastLine)}");
    }
}
