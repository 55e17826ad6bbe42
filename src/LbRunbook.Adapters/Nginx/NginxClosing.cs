namespace LbRunbook.Adapters.Nginx;

/// <summary>
/// Whether a configuration asks the close file, as config/nginx/lbctl-recommended.conf does, so that clients can be let go before a reload.
/// </summary>
internal static class NginxClosing
{
    private static readonly string[] s_passing = ["proxy_pass", "fastcgi_pass", "grpc_pass", "uwsgi_pass", "scgi_pass"];

    /// <returns>Some server asks it: then it is worth while to create it.</returns>
    public static bool Asks(IReadOnlyList<NginxDirective> configuration, string? closeFile) =>
        closeFile is not null && Passing(configuration).Any(s => Asks(s, closeFile));

    /// <returns>Null = no server passes requests on.</returns>
    public static bool? AllAsk(IReadOnlyList<NginxDirective> configuration, string? closeFile) =>
        Passing(configuration).ToList() is { Count: > 0 } servers
            ? closeFile is not null && servers.TrueForAll(s => Asks(s, closeFile))
            : null;

    private static IEnumerable<NginxDirective> Passing(IReadOnlyList<NginxDirective> configuration) =>
        configuration.Where(c => c.Name == "http").SelectMany(c => c.Children).Where(s => s.Name == "server" && Passes(s));

    private static bool Passes(NginxDirective directive) => s_passing.Contains(directive.Name) || directive.Children.Any(Passes);

    private static bool Asks(NginxDirective directive, string closeFile) =>
        IsQuestion(directive, closeFile) || directive.Children.Any(c => Asks(c, closeFile));

    /// <summary>The brackets may stand apart: <c>if ( -f /run/nginx.closing )</c>.</summary>
    private static bool IsQuestion(NginxDirective directive, string closeFile) =>
        directive.Name == "if" && string.Join(' ', directive.Words.Skip(1)).Trim('(', ')', ' ') == $"-f {closeFile}";
}
