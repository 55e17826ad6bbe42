using System.Text;

namespace LbRunbook.Adapters.Ssh;

/// <summary>The one place where values become shell text: sshd hands a command line to the login shell, never an argument list.</summary>
internal static class ShellQuote
{
    public static string Join(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(Quote));

    /// <summary>One word for any POSIX shell. Everything but a few harmless characters goes between single quotes.</summary>
    /// <exception cref="ArgumentException">The value contains NUL, which no argument of a process can hold.</exception>
    public static string Quote(string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A command argument contains a NUL character; no process can be given one.", nameof(value));
        if (value.Length > 0 && value.All(IsHarmless))
            return value;
        // Inside single quotes only the single quote itself means something: close, escaped quote, open again.
        return new StringBuilder(value.Length + 8)
            .Append('\'').Append(value.Replace("'", @"'\''", StringComparison.Ordinal)).Append('\'').ToString();
    }

    // No '=' and no '~': a first word NAME=value would be an assignment, and a leading ~ a home directory.
    private static bool IsHarmless(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '/' or ':' or ',' or '@' or '+';
}
