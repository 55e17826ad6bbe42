using System.CommandLine;
using LbRunbook.Cli;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Cli;

public sealed class FleetSourceTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("lbctl-fleet-").FullName;
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);
    private readonly CliContext context;

    public FleetSourceTests()
    {
        context = new CliContext(new Streams(output, error, TextReader.Null), TimeProvider.System)
        {
            Variable = variables.GetValueOrDefault,
            SystemDirectory = Path.Combine(root, "etc"),
        };
        variables["XDG_CONFIG_HOME"] = root;
    }

    public void Dispose()
    {
        Directory.Delete(root, recursive: true);
        output.Dispose();
        error.Dispose();
    }

    [Fact]
    public void Load_GoodFile_GivesTheFleetSilently()
    {
        var fleet = FleetSource.Load(Parse("--config", RepositoryFiles.Path("config/lbctl.example.yaml"), "act", "lb1"), context);
        Assert.Equal("web-prod", fleet.Cluster);
        Assert.Equal(("", ""), (output.ToString(), error.ToString()));
    }

    [Fact]
    public void Load_OnlyWarnings_PrintsThemAndGoesOn()
    {
        var file = Write("lbctl/config.yaml",
            "cluster: web\nenvironment: lab\nnodes: [{name: lb1, host: 10.0.0.1, proxy: haproxy}]\nvips: [{name: "
                + "v, address: 10.0.0.9/24}]\n");
        Assert.Equal("web", FleetSource.Load(Parse("act"), context).Cluster);
        Assert.StartsWith($"{file}:4:27: warning: vip 'v': address '10.0.0.9/24' is wider", error.ToString());
    }

    [Fact]
    public void Load_Errors_PrintsAllAndEndsWith78()
    {
        var file = Write("lbctl/config.yaml", "cluster: web\nenvironment: lib\nnodes: []\n");
        var exception = Assert.Throws<OperatorException>(() => FleetSource.Load(Parse("act", "lb1", "it's"), context));
        Assert.Equal(ExitCode.Configuration, exception.ExitCode);
        Assert.StartsWith($"2 errors in the configuration {file}; nothing was contacted", exception.Message);
        Assert.Equal("lbctl act lb1 'it'\\''s'", exception.Next);
        Assert.Equal(2, error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("", output.ToString());
    }

    [Fact]
    public void Load_FileMissing_SaysSoAtItsFirstCharacter()
    {
        var exception = Assert.Throws<OperatorException>(() => FleetSource.Load(Parse("act", "-c", "/no/such/file"), context));
        Assert.Equal(ExitCode.Configuration, exception.ExitCode);
        Assert.Equal("/no/such/file:1:1: the file does not exist", error.ToString().Trim());
    }

    [Fact]
    public void Load_NoConfiguration_AdvisesALab()
    {
        var exception = Assert.Throws<OperatorException>(() => FleetSource.Load(Parse("act"), context));
        Assert.Equal((ExitCode.Configuration, "lbctl lab up"), (exception.ExitCode, exception.Next));
    }

    [Theory]
    [InlineData("lbctl --cluster api-prod act lb1", "act", "lb1")]
    [InlineData("lbctl --cluster web-prod act lb1", "--cluster", "web-prd", "act", "lb1")]
    [InlineData("lbctl --cluster web-prod act lb1", "act", "--cluster=web-prd", "lb1")]
    public void Load_ClusterNotDecided_RepeatsTheCommandWithOne(string next, params string[] args)
    {
        Write("lbctl/clusters/a.yaml", "cluster: api-prod");
        Write("lbctl/clusters/w.yaml", "cluster: web-prod");
        var exception = Assert.Throws<OperatorException>(() => FleetSource.Load(Parse(args), context));
        Assert.Equal((ExitCode.Configuration, next), (exception.ExitCode, exception.Next));
        Assert.Empty(Parse(next.Split(' ')[1..]).Errors);
    }

    [Theory]
    [InlineData("--lab", "act", "lb1")]
    [InlineData("act", "lb1", "--lab")]
    public void Load_LabWithoutName_DoesNotSwallowTheVerb(params string[] args)
    {
        // On a machine where a lab of that name is up, it is found.
        var exception = Record.Exception(() => FleetSource.Load(Parse(args), context));
        Assert.True(exception?.Message.StartsWith("there is no lab 'lab'", StringComparison.Ordinal)
            ?? File.Exists("/run/lbctl/labs/lab/config.yaml"), exception?.Message);
    }

    [Fact]
    public void Load_LabNameWithPath_IsRefused()
    {
        var exception = Assert.Throws<OperatorException>(() => FleetSource.Load(Parse("--lab=../../etc", "act"), context));
        Assert.Equal(ExitCode.Usage, exception.ExitCode);
    }

    [Fact]
    public void Load_LabAndConfig_ExcludeEachOther()
    {
        var exception = Assert.Throws<OperatorException>(() => FleetSource.Load(Parse("--lab=x", "--config", "f", "act", "lb1"), context));
        Assert.Equal((ExitCode.Usage, "lbctl --lab=x act lb1"), (exception.ExitCode, exception.Next));
    }

    private ParseResult Parse(params string[] args)
    {
        var command = new RootCommand { new Command("act") { new Argument<string[]>("words") } };
        context.Options.AddTo(command);
        return command.Parse(args);
    }

    private string Write(string relative, string text)
    {
        var path = Path.Combine(root, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
