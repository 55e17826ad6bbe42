namespace LbRunbook.Adapters.Nginx;

/// <summary>What <c>nginx -V</c> says of the paths that were built in.</summary>
internal sealed record NginxBuild(string? Version, string Prefix, string Config, string PidFile)
{
    public static NginxBuild Parse(string text)
    {
        var words = text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var prefix = Value("--prefix=") ?? "/usr/local/nginx";
        return new(VersionOf(text), prefix, Value("--conf-path=") ?? "conf/nginx.conf", Value("--pid-path=") ?? "logs/nginx.pid");

        string? Value(string option) => words.FirstOrDefault(w => w.StartsWith(option, StringComparison.Ordinal))?[option.Length..];
    }

    /// <summary>By nginx's own rule: what is relative is so to the prefix, and the prefix to where it was started.</summary>
    public string ConfigOf(NginxArguments arguments, string directory) =>
        Under(PrefixOf(arguments, directory), arguments.Config ?? Config);

    public string PidFileOf(NginxArguments arguments, string directory, string? directive) =>
        Under(PrefixOf(arguments, directory), arguments.PidFile ?? directive ?? PidFile);

    private string PrefixOf(NginxArguments arguments, string directory) =>
        arguments.Prefix is { } prefix ? Under(directory, prefix) : Prefix;

    private static string Under(string folder, string path) => path.StartsWith('/') ? path : $"{folder.TrimEnd('/')}/{path}";

    private static string? VersionOf(string text) =>
        text.IndexOf("nginx/", StringComparison.Ordinal) is >= 0 and var at ? Printable.Line(text[(at + 6)..].Split(' ', '\n')[0]) : null;
}
