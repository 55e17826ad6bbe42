using System.Text;

namespace LbRunbook.Adapters.Ssh;

/// <summary>
/// Scripts that run on hosts are files in the source tree, not string literals: they can be read, linted and tried by hand.
/// </summary>
internal static class EmbeddedScript
{
    /// <param name="names">One after the other: what the last one uses stands in those before it.</param>
    public static string Read(params ReadOnlySpan<string> names)
    {
        var text = new StringBuilder();
        foreach (var name in names)
            text.Append(Read(name));
        return text.ToString();
    }

    /// <param name="name">File name, for example <c>announce.sh</c>.</param>
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedScript).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // A checkout on Windows may have turned the line ends; sh takes a carriage return for a part of the word.
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
