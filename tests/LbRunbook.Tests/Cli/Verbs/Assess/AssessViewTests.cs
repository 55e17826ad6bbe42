using System.Text.Json;
using System.Text.RegularExpressions;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Verbs.Assess;
using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Cli.Verbs.Assess;

public sealed partial class AssessViewTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void Human_HealthyCluster_ReadsWell(int width) => Golden.Verify(Human(Sample.Healthy, width), $"assess-healthy-{width}");

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void Human_BrokenCluster_ReadsWell(int width)
    {
        var text = Human(Broken, width);
        Golden.Verify(text, $"assess-broken-{width}");
        Assert.DoesNotContain('\u001b', text);
        Assert.All(text.Split('\n').Where(l => !l.Contains("Next: ")), l => Assert.True(l.Length <= width, l));
    }

    [Fact]
    public void Human_Colour_OnlyAddsEscapesToTheSameText()
    {
        var coloured = Render(new HumanAssessView(w => Screen.Of(w, colour: true, terminal: false, 120), NextCommand.None), Broken);
        Assert.Contains("\u001b[", coloured);
        Assert.Equal(Human(Broken, 120), AnsiSequence().Replace(coloured, ""));
    }

    [Fact]
    public void Human_ControlCharactersFromTheNetwork_AreNotPassedOn() =>
        Assert.DoesNotContain('\u001b',
            Human(Sample.Healthy.WithVip(v => v with { Through = Sample.Bad("bad \u001b[2J[red] body") }), 120));

    [Fact]
    public void Json_BrokenCluster_IsOneVersionedDocument()
    {
        var text = Render(new JsonAssessView(NextCommand.None), Broken);
        using var document = JsonDocument.Parse(text);
        Assert.Equal("assessment", document.RootElement.GetProperty("type").GetString());
        Assert.Equal(1, document.RootElement.GetProperty("schema").GetInt32());
        Assert.Equal(2, document.RootElement.GetProperty("exitCode").GetInt32());
        Assert.Single(text.TrimEnd().Split('\n'));
        Golden.Verify(Pretty(document), "assess-broken-json");
    }

    [Fact]
    public void Nagios_BrokenCluster_IsOneLineWithPerformanceData()
    {
        var text = Render(new NagiosAssessView(), Broken);
        Golden.Verify(text, "assess-broken-nagios");
        Assert.Matches(@"^LBCTL (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+ \| (\w+=[\d.]+(s|%)?;[\d:.]*;[\d:.]*;\d*(;\d+)? ?)+\n$",
            text.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Nagios_BarInAMessage_DoesNotStartPerformanceData() =>
        Assert.Single(Render(new NagiosAssessView(), Sample.Healthy.WithVip(v => v with { Through = Sample.Bad("a|b\nc") })),
            c => c == '|');

    private static Observation Broken { get; } = Sample.Healthy
        .With("lb1", n => n with
        {
            Service = new(false, true, "failed", 0),
            Proxy = new ProxyState { Kind = ProxyKind.Haproxy, Answers = false, Error = "connection refused" },
            DirectCheck = Sample.Bad("connection refused"),
        })
        .With("lb2", n => n with { Resources = new(97, 12, 40, "/", 3.9, 2) })
        .WithVip(v => v with { Through = Sample.Bad("connection refused"), AnsweredBy = null })
        .WithBackend("web2", b => b with
        {
            FromHere = Sample.Bad("connection refused"),
            FromNodes = new Dictionary<string, CheckResult> { ["lb2"] = Sample.Bad("connection refused") },
            OnProxies = new Dictionary<string, ServerState>
            {
                ["lb2"] = Sample.Server("web2", ServerHealth.Down, status: "DOWN") with { LastCheck = "L4CON" },
            },
        })
        .WithBackend("web3",
            b => b with
            {
                OnProxies = new Dictionary<string,
                ServerState> { ["lb2"] = Sample.Server("web3", admin: AdminState.Maint, status: "MAINT") },
            });

    private static string Human(Observation seen, int width) =>
        Render(new HumanAssessView(w => Screen.Of(w, colour: false, terminal: false, width), NextCommand.None), seen);

    private static string Render(IAssessView view, Observation seen)
    {
        using var writer = new StringWriter();
        view.Write(Assessment.Of(Sample.Fleet, seen), writer);
        return writer.ToString();
    }

    private static string Pretty(JsonDocument document)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new() { Indented = true }))
            document.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    [GeneratedRegex("\u001b\\[[0-9;]*m", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnsiSequence();
}
