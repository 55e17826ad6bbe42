using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>One operator with a journal of their own, at a lab in its known state: both addresses on lb1, nothing broken.</summary>
internal sealed class Operator : IDisposable
{
    private readonly TemporaryFolder _state = new();

    private Operator(LabSegment segment) => Segment = segment;

    public LabSegment Segment { get; }
    public string Lab => Segment.Lab.Name;

    /// <summary>Null = the lab's own configuration.</summary>
    public string? Config { get; set; }

    /// <summary>On top of what every operator's environment is here.</summary>
    public Dictionary<string, string?> Variables { get; } = [];

    public string Journal => _state["lbctl/runs"];

    /// <summary>A run of this operator has begun and wrote down who it is.</summary>
    public bool HoldsLock =>
        File.Exists(_state[$"lbctl/locks/{Lab}.holder"]) && new FileInfo(_state[$"lbctl/locks/{Lab}.holder"]).Length > 0;

    public static async Task<Operator> AtAsync(LabFixture lab)
    {
        lab.Require();
        var segment = new LabSegment(lab.State);
        if (lab.State.Faults.Count > 0)
            await lab.HealAsync();
        await segment.ResetAsync();
        return new(segment);
    }

    /// <summary>The same with the test's own faults left as they are.</summary>
    public static async Task<Operator> AtBrokenAsync(LabFixture lab)
    {
        var segment = new LabSegment(lab.State);
        await segment.ResetAsync();
        return new(segment);
    }

    /// <summary>For a lab that the test has brought up itself.</summary>
    public static Operator At(LabSegment segment) => new(segment);

    /// <summary>Runs <c>lbctl --lab=NAME ARGUMENTS --output json</c>.</summary>
    public async Task<RunReport> RunAsync(params IReadOnlyList<string> arguments) =>
        RunReport.Of(await RawAsync([Target, .. arguments, "--output", "json"]));

    public async Task<RunReport> ExpectAsync(int exitCode, params IReadOnlyList<string> arguments)
    {
        var report = await RunAsync(arguments);
        if (report.ExitCode != exitCode)
            Assert.Fail($"lbctl {string.Join(' ', arguments)}: exit {report.ExitCode}, expected "
                + $"{exitCode}\n{report}\n{await LabNetwork.DescribeAsync(Segment)}");
        return report;
    }

    /// <summary>Arguments exactly as given. No terminal: the input is empty.</summary>
    public Task<ProcessResult> RawAsync(params IReadOnlyList<string> arguments) => ChildProcess.RunAsync(
        new ProcessSpec(Lbctl.Binary, arguments) { Timeout = TimeSpan.FromMinutes(2), Environment = Environment },
        TestContext.Current.CancellationToken);

    /// <summary>Its streams as a shell gives them to it: <c>&gt;/dev/full</c>, <c>| true</c>.</summary>
    public Task<ProcessResult> RedirectedAsync(string redirection, params IReadOnlyList<string> arguments) => ChildProcess.RunAsync(
        new ProcessSpec("/bin/sh", ["-c", $"\"$0\" \"$@\" {redirection}", Lbctl.Binary, Target, .. arguments])
        {
            Timeout = TimeSpan.FromMinutes(1),
            Environment = Environment,
        },
        TestContext.Current.CancellationToken);

    /// <summary>The same, while it runs: line by line, open to signals.</summary>
    public LiveLbctl Start(params IReadOnlyList<string> arguments) => new([Target, .. arguments, "--output", "json"], Environment);

    /// <summary>Arguments exactly as given.</summary>
    public LiveLbctl StartRaw(params IReadOnlyList<string> arguments) => new(arguments, Environment);

    public IReadOnlyList<string> JournalFiles() => Directory.Exists(Journal) ? [.. Directory.EnumerateFiles(Journal)] : [];

    public string Write(string name, string text) => _state.Write(name, text);

    public void Dispose() => _state.Dispose();

    private string Target => Config is null ? $"--lab={Lab}" : $"--config={Config}";

    private Dictionary<string, string?> Environment
    {
        get
        {
            var all = new Dictionary<string, string?>
            {
                ["LBCTL_CONFIG"] = null,
                ["LBCTL_CLUSTER"] = null,
                ["NO_COLOR"] = "1",
                ["XDG_STATE_HOME"] = _state.Path,
            };
            foreach (var (name, value) in Variables)
                all[name] = value;
            return all;
        }
    }
}
