using LbRunbook.Lab;
using LbRunbook.Lab.Files;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Lab;

public sealed class HaproxyFilesTests
{
    /// <summary>The recommendation is what the lab proves to work: neither changes without the other.</summary>
    [Fact]
    public void Config_OfTheLab_IsTheRecommendedOne()
    {
        var lab = new LabState { Name = "lab", Index = 7, Proxy = "haproxy", Hosts = new LabPlan("lab", 1, 2, "haproxy").Hosts() };
        var recommended = RepositoryFiles.Text("config/haproxy/lbctl-recommended.cfg");

        Assert.Equal(
            Lines(recommended.Replace("10.0.1.10:", "10.213.7.21:", StringComparison.Ordinal)
                .Replace("10.0.1.11:", "10.213.7.22:", StringComparison.Ordinal)),
            Lines(HaproxyFiles.Config(lab, "lb1")));
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#');
}
