using System.Globalization;
using LbRunbook.Core.Text;

namespace LbRunbook.Core.Config;

/// <summary>Reads one value. Null = read; otherwise what is wrong and what is allowed, to follow the key: "must be 1 to 65535".</summary>
internal delegate string? FieldRule<T>(string text, out T value);

/// <summary>The rules for single values that are not addresses or ssh fields.</summary>
internal static class FieldRules
{
    /// <summary>Any text on one line.</summary>
    public static string? Text(string text, out string value)
    {
        value = text;
        if (text.Length == 0) return "must not be empty";
        if (text.Length > 4096) return "is too long; at most 4096 characters";
        return text.Any(char.IsControl) ? "must be on one line, without control characters" : null;
    }

    /// <summary>Names become file names, command-line words and names in the proxy.</summary>
    public static string? Name(string text, out string value)
    {
        value = text;
        if (text.Length is 0 or > 64) return "must have 1 to 64 characters of A-Z a-z 0-9 . _ -";
        foreach (var c in text)
            if (!Characters.IsName(c)) return $"has the character {Shown.Quoted(c.ToString())}; allowed: A-Z a-z 0-9 . _ -";
        return char.IsAsciiLetterOrDigit(text[0]) ? null : "must begin with a letter or a digit";
    }

    public static FieldRule<int> Integer(int minimum, int maximum) => (string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum
            ? null
            : $"must be a whole number from {minimum} to {maximum}";

    public static FieldRule<int> Port { get; } = Integer(1, 65535);

    public static FieldRule<TimeSpan> Duration(TimeSpan minimum, TimeSpan maximum) => (string text, out TimeSpan value) =>
    {
        if (!Durations.TryParse(text, out value)) return $"must be {Durations.Allowed}";
        return value >= minimum && value <= maximum ? null : $"must be from {Durations.Format(minimum)} to {Durations.Format(maximum)}";
    };

    /// <summary>A wait for one answer: never zero, never open-ended.</summary>
    public static FieldRule<TimeSpan> Timeout { get; } = Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));

    public static string? Percent(string text, out double value) =>
        Percentages.TryParse(text, out value) ? null : $"must be {Percentages.Allowed}";

    public static string? Boolean(string text, out bool value)
    {
        value = text is "true";
        if (text is "true" or "false") return null;
        var meant = text.ToLowerInvariant() switch
        {
            "yes" or "on" or "1" or "true" => "true",
            "no" or "off" or "0" or "false" => "false",
            _ => null,
        };
        return "must be true or false" + (meant is null ? "" : $"; did you mean {meant}?");
    }

    public static FieldRule<T> Choice<T>(params (string Text, T Value)[] choices) => (string text, out T value) =>
    {
        foreach (var choice in choices)
        {
            value = choice.Value;
            if (choice.Text == text) return null;
        }
        value = choices[0].Value;
        var words = choices.Select(c => c.Text).ToList();
        return $"must be one of {string.Join(", ", words)}{DidYouMean(text, words)}";
    };

    /// <summary>A file on a node.</summary>
    public static string? AbsolutePath(string text, out string value)
    {
        if (Text(text, out value) is { } wrong) return wrong;
        return text[0] == '/' ? null : "must be an absolute path (begin with /)";
    }

    /// <summary>A program on a node: by name, or by path.</summary>
    public static string? Program(string text, out string value)
    {
        if (Text(text, out value) is { } wrong) return wrong;
        return text[0] != '-' && !text.Any(char.IsWhiteSpace) ? null : "must be one program name or absolute path";
    }

    public static string? HttpUri(string text, out Uri value)
    {
        value = new Uri("http://127.0.0.1/");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
            || text.Any(c => char.IsControl(c) || c == ' '))
            return "must be a URL that begins with http:// or https://";
        value = uri;
        return null;
    }

    /// <summary>What goes on an HTTP request line: a line break or a space here would be a second request.</summary>
    public static string? HttpPath(string text, out string value)
    {
        value = text;
        return text.Length is > 0 and <= 2048 && text[0] == '/' && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            && !text.Contains('#', StringComparison.Ordinal)
            ? null
            : "must be a path that begins with / and has no spaces";
    }

    public static string DidYouMean(string word, IEnumerable<string> candidates) =>
        Nearest.To(word, candidates) is { } nearest ? $"; did you mean {nearest}?" : "";
}
