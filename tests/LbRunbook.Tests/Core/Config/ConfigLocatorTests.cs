using LbRunbook.Core.Config;
using Xunit;

namespace LbRunbook.Tests.Core.Config;

public sealed class ConfigLocatorTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("lbctl-locator-").FullName;
    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal);

    public ConfigLocatorTests() => variables["HOME"] = Path.Combine(root, "home");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Locate_NothingAnywhere_NamesThePlaces()
    {
        var location = Locate();
        Assert.Equal((null, LocateProblem.NothingFound), (location.Path, location.Problem));
        Assert.Contains($"{root}/home/.config/lbctl/config.yaml and {root}/etc/config.yaml", location.Message);
    }

    [Fact]
    public void Locate_Everywhere_FollowsThePrecedence()
    {
        var system = Write("etc/config.yaml", "system");
        Assert.Equal(system, Locate().Path);
        var home = Write("home/.config/lbctl/config.yaml", "home");
        Assert.Equal(home, Locate().Path);
        var xdg = Write("xdg/lbctl/config.yaml", "xdg");
        variables["XDG_CONFIG_HOME"] = Path.Combine(root, "xdg");
        Assert.Equal(xdg, Locate().Path);
        var variable = Write("elsewhere/lb.yaml", "variable");
        variables["LBCTL_CONFIG"] = variable;
        Assert.Equal(variable, Locate().Path);
        Assert.Equal("/no/such/file", Locate(file: "/no/such/file").Path);
    }

    [Fact]
    public void Locate_FileInTheCurrentFolder_IsNotTaken()
    {
        // What a relative XDG_CONFIG_HOME or an empty HOME would lead to.
        variables["XDG_CONFIG_HOME"] = ".";
        variables["HOME"] = "";
        var location = Locate();
        Assert.Equal(LocateProblem.NothingFound, location.Problem);
        Assert.Contains($"Looked for {root}/etc/config.yaml (", location.Message);
    }

    [Fact]
    public void Locate_OnWindows_TakesAppData()
    {
        var file = Write("roaming/lbctl/config.yaml", "win");
        variables["APPDATA"] = Path.Combine(root, "roaming");
        Assert.Equal(file, ConfigLocator.Locate(Request() with { Windows = true }).Path);
    }

    [Fact]
    public void Locate_SeveralClustersNoneNamed_ListsThem()
    {
        Write("etc/config.yaml", "main");
        Write("etc/clusters/b.yaml", "web-prod");
        Write("etc/clusters/a.yml", "api-prod");
        Write("etc/clusters/notes.txt", "notes");
        var location = Locate();
        Assert.Equal((null, LocateProblem.SeveralClusters), (location.Path, location.Problem));
        Assert.Contains("3 clusters are configured and none is named: main, api-prod, web-prod.", location.Message);
    }

    [Fact]
    public void Locate_OneFileUnderClusters_NeedsNoMainFile() =>
        Assert.Equal(Write("etc/clusters/only.yaml", "only"), Locate().Path);

    [Fact]
    public void Locate_NamedCluster_MatchesKeyThenFileName()
    {
        var main = Write("etc/config.yaml", "main");
        var web = Write("etc/clusters/web.yaml", "web-prod");
        var shadowed = Write("etc/clusters/web-prod.yaml", "other");
        Assert.Equal(web, Locate(cluster: "web-prod").Path);
        Assert.Equal(web, Locate(cluster: "web").Path);
        Assert.Equal(shadowed, Locate(cluster: "other").Path);
        variables["LBCTL_CLUSTER"] = "main";
        Assert.Equal(main, Locate().Path);
        Assert.Equal(web, Locate(cluster: "web").Path);
        Assert.Equal(web, Locate(file: main, cluster: "web").Path);
    }

    [Fact]
    public void Locate_UnknownCluster_SuggestsTheNearest()
    {
        Write("etc/config.yaml", "main");
        Write("etc/clusters/web.yaml", "web-prod");
        var location = Locate(cluster: "wbe-prod");
        Assert.Equal((LocateProblem.UnknownCluster, "web-prod"), (location.Problem, location.Suggestion));
        Assert.Equal("there is no cluster 'wbe-prod'; configured: main, web-prod; did you mean web-prod?", location.Message);
    }

    [Fact]
    public void Locate_OnlyClusterHasAnotherName_IsNotTakenForIt()
    {
        Write("etc/config.yaml", "staging");
        variables["LBCTL_CLUSTER"] = "production";
        Assert.Equal(LocateProblem.UnknownCluster, Locate().Problem);
    }

    [Fact]
    public void Locate_SameClusterInTwoFiles_IsRefused()
    {
        Write("etc/clusters/a.yaml", "web");
        Write("etc/clusters/b.yaml", "web");
        Assert.Equal(LocateProblem.AmbiguousCluster, Locate(cluster: "web").Problem);
    }

    [Fact]
    public void Locate_ConfiguredFileIsMissing_DoesNotTakeANeighbour()
    {
        Write("elsewhere/clusters/a.yaml", "web");
        variables["LBCTL_CONFIG"] = Path.Combine(root, "elsewhere/lb.yaml");
        Assert.Equal(variables["LBCTL_CONFIG"], Locate().Path);
    }

    private ConfigLocation Locate(string? file = null, string? cluster = null) => ConfigLocator.Locate(Request(file, cluster));

    private ConfigRequest Request(string? file = null, string? cluster = null) =>
        new(file, cluster, variables.GetValueOrDefault) { Windows = false, SystemDirectory = Path.Combine(root, "etc") };

    private string Write(string relative, string cluster)
    {
        var path = Path.Combine(root, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"cluster: {cluster}\n");
        return path;
    }
}
