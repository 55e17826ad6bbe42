namespace LbRunbook.Adapters.Nginx;

/// <summary>
/// The words that a master was started with, out of the title that it gives itself ("nginx: master process /usr/sbin/nginx -p /srv -g
/// daemon off;"): there they stand with single blanks between them and without their quotes.
/// </summary>
/// <param name="Config"><c>-c</c>, as it was typed; null = that of the build.</param>
/// <param name="Prefix"><c>-p</c>; null = that of the build.</param>
/// <param name="Globals"><c>-g</c>; null = none.</param>
internal sealed record NginxArguments(string? Config, string? Prefix, string? Globals)
{
    private const string Master = "nginx: master process ";

    public static NginxArguments Of(string title)
    {
        var words = title.StartsWith(Master, StringComparison.Ordinal) ? title[Master.Length..].TrimEnd().Split(' ') : [];
        string? config = null, prefix = null, globals = null;
        for (var i = 1; i < words.Length; i++)
        {
            if (words[i] is not ['-', var letter, .. var rest])
                continue;
            if (letter is not ('c' or 'p' or 'g' or 'e'))
                continue;
            var value = rest.Length > 0 ? rest : ++i < words.Length ? words[i] : "";
            // Each directive ends with a semicolon, the last one, too: the value goes on until an option comes after one.
            while (letter == 'g' && i + 1 < words.Length && !(value.TrimEnd().EndsWith(';') && words[i + 1] is ['-', ..]))
                value += " " + words[++i];
            (config, prefix, globals) = letter switch
            {
                'c' => (value, prefix, globals),
                'p' => (config, value, globals),
                'g' => (config, prefix, value),
                _ => (config, prefix, globals),
            };
        }
        return new(config, prefix, Useful(globals));
    }

    /// <summary>The one that counts where nginx reads it: on its command line.</summary>
    public string? PidFile => Globals is null ? null
        : NginxConfig.Parse(Globals).FirstOrDefault(d => d is { Name: "pid", Words.Count: 2 })?.Words[1];

    /// <summary>How it runs means nothing to a test, and the words would be no longer those that sudo's rules know.</summary>
    private static string? Useful(string? globals)
    {
        if (globals is null)
            return null;
        var kept = NginxConfig.Parse(globals).Where(d => !d.IsBlock && d.Name is not ("daemon" or "master_process" or ""))
            .Select(d => string.Join(' ', d.Words) + ";").ToList();
        return kept.Count == 0 ? null : string.Join(' ', kept);
    }
}
