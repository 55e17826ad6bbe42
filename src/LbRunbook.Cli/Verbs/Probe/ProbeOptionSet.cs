using System.CommandLine;
using System.Globalization;
using LbRunbook.Adapters.Probing;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;

namespace LbRunbook.Cli.Verbs.Probe;

/// <summary>The verb's options, their limits, and the way back to an argument list for another host.</summary>
internal sealed class ProbeOptionSet
{
    private const double HighestRps = 5000;
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRun = TimeSpan.FromDays(1);

    private readonly Option<double> _rps = new("--rps")
    {
        Description = "Requests a second, whatever the answers do",
        HelpName = "N",
        DefaultValueFactory = _ => 200,
    };
    private readonly Option<string> _for = new("--for")
    {
        Description = "How long; 0s = until Ctrl-C",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "30s",
    };
    private readonly Option<string> _timeout = new("--timeout")
    {
        Description = "For one request, up to its complete response",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "1s",
    };
    private readonly Option<bool> _keepAlive = new("--keep-alive")
    {
        Description = "Use connections again instead of a new one for every request",
    };
    private readonly Option<string> _method = new("--method")
    {
        Description = "HTTP method",
        HelpName = "METHOD",
        DefaultValueFactory = _ => "GET",
    };
    private readonly Option<string?> _host = new("--host") { Description = "Host header and TLS server name", HelpName = "NAME" };
    private readonly Option<int?> _status = new("--status")
    {
        Description = "The only status that is a success (default: any 2xx or 3xx)",
        HelpName = "NNN",
    };
    private readonly Option<bool> _insecure = new("--insecure") { Description = "Do not check the TLS certificate" };
    private readonly Option<string> _whoHeader = new("--who-header")
    {
        Description = "Response header that names who answered",
        HelpName = "HEADER",
        DefaultValueFactory = _ => "X-Served-By",
    };
    private readonly Option<string> _who = new("--who")
    {
        Description = "Where the answerer's name is: header, or body (its first line)",
        HelpName = "WHERE",
        DefaultValueFactory = _ => "header",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_rps, _for, _timeout, _keepAlive, _method, _host, _status, _insecure, _whoHeader, _who])
            command.Options.Add(option);
    }

    public ProbeOptions Read(ParseResult parse, Uri uri)
    {
        var rps = parse.GetValue(_rps);
        Require(rps is > 0 and <= HighestRps, "--rps", rps.ToString(CultureInfo.InvariantCulture), $"above 0, at most {HighestRps}");
        var duration = Duration("--for", parse.GetRequiredValue(_for));
        Require(duration <= LongestRun, "--for", parse.GetRequiredValue(_for), "at most 1d");
        var timeout = Duration("--timeout", parse.GetRequiredValue(_timeout));
        Require(timeout > TimeSpan.Zero && timeout <= LongestTimeout, "--timeout", parse.GetRequiredValue(_timeout),
            "above 0s, at most 1m");
        var method = parse.GetRequiredValue(_method);
        Require(method.Length is > 0 and <= 20 && method.All(char.IsAsciiLetterUpper), "--method", method, "GET, HEAD, OPTIONS, POST …");
        var host = parse.GetValue(_host);
        Require(host is null || (host.Length is > 0 and < 256 && host.All(c => c is > ' ' and < '\x7f')), "--host", host,
            "a host name, with a port if need be");
        var header = parse.GetRequiredValue(_whoHeader);
        Require(header.Length > 0 && header.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'), "--who-header", header,
            "a header's name, such as X-Served-By");
        var who = parse.GetRequiredValue(_who);
        Require(who is "header" or "body", "--who", who, "header, body");
        return new()
        {
            Uri = uri,
            Rps = rps,
            Duration = duration > TimeSpan.Zero ? duration : null,
            Timeout = timeout,
            KeepAlive = parse.GetValue(_keepAlive),
            Method = method,
            Host = host,
            ExpectedStatus = parse.GetValue(_status),
            Insecure = parse.GetValue(_insecure),
            WhoHeader = header,
            WhoFromBody = who == "body",
        };
    }

    /// <summary>What another lbctl must be told to measure the same.</summary>
    public static IReadOnlyList<string> ArgumentsOf(ProbeOptions options)
    {
        var words = new List<string>
        {
            "probe", options.Uri.AbsoluteUri, "--output", "json", "--until-eof",
            "--rps", options.Rps.ToString(CultureInfo.InvariantCulture),
            "--for", Durations.Format(options.Duration ?? TimeSpan.Zero),
            "--timeout", Durations.Format(options.Timeout),
            "--method", options.Method,
            "--who-header", options.WhoHeader,
            "--who", options.WhoFromBody ? "body" : "header",
        };
        if (options.Host is { } host)
            words.AddRange(["--host", host]);
        if (options.ExpectedStatus is { } status)
            words.AddRange(["--status", status.ToString(CultureInfo.InvariantCulture)]);
        if (options.KeepAlive)
            words.Add("--keep-alive");
        if (options.Insecure)
            words.Add("--insecure");
        return words;
    }

    private static TimeSpan Duration(string option, string text)
    {
        Require(Durations.TryParse(text, out var value), option, text, Durations.Allowed);
        return value;
    }

    private static void Require(bool holds, string option, string? value, string allowed)
    {
        if (!holds)
            throw new OperatorException(ExitCode.Usage, $"{option} {Shown.Clip(value ?? "")}: allowed is {allowed}", "lbctl probe --help");
    }
}
