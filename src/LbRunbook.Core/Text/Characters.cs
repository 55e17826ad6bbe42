namespace LbRunbook.Core.Text;

internal static class Characters
{
    /// <summary>What names of clusters, nodes, pools and runs are made of.</summary>
    public static bool IsName(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
}
