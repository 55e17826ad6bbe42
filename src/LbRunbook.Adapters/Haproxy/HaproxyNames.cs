using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Haproxy;

internal static class HaproxyNames
{
    /// <summary>Names come from the daemon or from configuration: a blank or a line end in one would be another command.</summary>
    public static ServerName Checked(Node node, ServerName server) => IsWord(server.Pool) && IsWord(server.Server) ? server
        : throw new AdapterException(node.Name, "set server",
            $"{node.Name}: '{Printable.Line(server.ToString())}' is no name that HAProxy takes");

    private static bool IsWord(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':');
}
