using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters;

internal static class NewServerWords
{
    /// <summary>
    /// A plan also comes from a journal: what would end a word, a line or a command of either proxy is looked for here once more.
    /// </summary>
    public static NewServer Checked(Node node, NewServer server) =>
        server.Options.Any(c => char.IsControl(c) || c is ';' or '\\' or '#' or '"' or '\'' or '$' or '{' or '}')
            || server.Address.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or ':' or '-' or '_' or '[' or ']'))
            ? throw new AdapterException(node.Name, "adding a server",
                $"{node.Name}: '{Printable.Line($"{server.Address} {server.Options}")}' is no server that a proxy takes")
            : server;
}
