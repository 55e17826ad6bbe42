using System.CommandLine;
using System.Text.Json;
using LbRunbook.Adapters.Probing;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Probing;

namespace LbRunbook.Cli.Verbs.Probe;

/// <summary>
/// <c>lbctl probe [URL]</c>: open-loop traffic and what became of it. Exit code 0 = no failure, 1 = some failures,
/// 3 = nothing could be measured, 64 = usage, 78 = configuration.
/// </summary>
/// <param name="loadFleet">Only called when the configuration is needed: for <c>--from</c>, or without a URL.</param>
internal sealed class ProbeCommand(CliContext context, Func<ParseResult, Fleet> loadFleet, Func<IRemoteShell> openShell)
{
    private readonly Argument<string?> _url = new("URL")
    {
        Description = "http://, https:// or tcp://HOST:PORT; http:// is added. Without it: the first virtual IP of the cluster",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string?> _from = new("--from")
    {
        Description = "Measure from this host of the configuration, over SSH",
        HelpName = "HOST",
    };
    private readonly Option<bool> _untilEof = new("--until-eof") { Hidden = true };
    private readonly ProbeOptionSet _options = new();

    public Command Create()
    {
        var command = new Command("probe",
            "Send steady traffic and measure what clients see: failures, latency, the longest outage, who answered.\nExit code: 0 no "
                + "failure, 1 some failures, 3 nothing could be measured, 64 usage, 78 configuration.") { _url, _from, _untilEof };
        _options.AddTo(command);
        command.SetAction((parse, _) => RunAsync(parse));
        return command.WithExamples(
            ("lbctl probe", "the first virtual IP, 200/s for 30 s"),
            ("lbctl probe http://192.0.2.10/health", "any URL; needs no configuration"),
            ("lbctl probe --from client --for 1m", "as seen from another host"),
            ("lbctl probe --for 0s", "until Ctrl-C, then the report"),
            ("lbctl probe tcp://192.0.2.10:5432", "only connects"),
            ("lbctl probe --output json", "the report for a script"));
    }

    private async Task<int> RunAsync(ParseResult parse)
    {
        var json = parse.GetValue(context.Options.Output) switch
        {
            "json" => true,
            "human" => false,
            var other => throw new OperatorException(ExitCode.Usage, $"--output {other}: this verb knows human and json",
                "lbctl probe --help"),
        };
        var url = parse.GetValue(_url);
        var from = parse.GetValue(_from);
        var fleet = url is null || from is not null ? loadFleet(parse) : null;
        var options = url is null ? OfVip(_options.Read, parse, fleet!) : _options.Read(parse, ProbeUrl.Parse(url));
        var host = from is null ? null : ProbeVantage.Find(fleet!, from);
        if (host is not null && options.Duration is null)
            throw new OperatorException(ExitCode.Usage, "--for 0s with --from: a measurement on another host needs an end",
                $"lbctl probe --from {host.Name} --for 5m");

        using var stop = new ProbeStop(context.Signals);
        if (parse.GetValue(_untilEof))
            stop.AlsoAtEndOf(context.Streams.In);
        ProbeReport report;
        using (var live = new ProbeLiveView(context.Streams, parse.GetValue(context.Options.Verbose),
            Math.Max(20, Screen.TerminalWidth(80))))
            report = await MeasureAsync(options, host, live, stop.Token);
        if (json)
            await context.Streams.Out.WriteLineAsync(JsonSerializer.Serialize(report, ProbeJson.Default.ProbeReport));
        else
            HumanProbeView.Write(context.Streams.Out, report);
        return report switch
        {
            { Failed: > 0 } => ExitCode.Failed,
            { Requests: 0 } => ExitCode.Refused,
            _ => ExitCode.Done,
        };
    }

    private async Task<ProbeReport> MeasureAsync(ProbeOptions options, RemoteHost? host, ProbeLiveView live, CancellationToken stop)
    {
        try
        {
            return host is null
                ? await new Prober(context.Time).RunAsync(options, live.Wanted ? live.Show : null, stop)
                : await RemoteAsync(options, host, stop);
        }
        catch (AdapterException e)
        {
            throw new OperatorException(ExitCode.Refused, $"{e.Message}; nothing was measured",
                host is null ? "lbctl probe --help" : "lbctl assess");
        }
    }

    private async Task<ProbeReport> RemoteAsync(ProbeOptions options, RemoteHost host, CancellationToken stop)
    {
        if (context.Streams.ErrorIsTerminal)
            await context.Streams.Error
                .WriteLineAsync($"measuring from {host.Name} for {options.Duration!.Value.TotalSeconds:0.#} s (Ctrl-C ends it early) …");
        var shell = openShell();
        try
        {
            var remote = new RemoteProbe(shell, OwnBinary.Version, OwnBinary.Path);
            return await remote.RunAsync(host, ProbeOptionSet.ArgumentsOf(options), options.Duration!.Value + options.Timeout, stop);
        }
        finally
        {
            if (shell is IAsyncDisposable disposable)
                await disposable.DisposeAsync();
        }
    }

    private static ProbeOptions OfVip(Func<ParseResult, Uri, ProbeOptions> read, ParseResult parse, Fleet fleet)
    {
        if (fleet.Vips.Count == 0)
            throw new OperatorException(ExitCode.Usage, $"cluster {fleet.Cluster} has no virtual IP; say what to measure",
                "lbctl probe http://192.0.2.10/");
        var vip = fleet.Vips[0];
        var options = read(parse, VipUrl.Of(vip));
        return vip.EffectiveCheck is HttpCheck http ? options with { Host = options.Host ?? http.Host } : options;
    }
}
