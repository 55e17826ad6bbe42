using LbRunbook.Lab;
using LbRunbook.Lab.Files;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Lab;

public sealed class NginxProxyFilesTests
{
    /// <summary>What spares a small machine with several nodes; everything else is what the lab proves to work.</summary>
    private static readonly string[] s_ofTheLabAlone = ["worker_processes 1;", "access_log off;"];

    [Fact]
    public void Config_OfTheLab_IsTheRecommendedOne()
    {
        var lab = new LabState { Name = "lab", Index = 7, Proxy = "nginx", Hosts = new LabPlan("lab", 1, 2, "nginx").Hosts() };
        var recommended = RepositoryFiles.Text("config/nginx/lbctl-recommended.conf");

        Assert.Equal(
            Words(recommended.Replace("10.0.1.10:", "10.213.7.21:", StringComparison.Ordinal)
                .Replace("10.0.1.11:", "10.213.7.22:", StringComparison.Ordinal)),
            Words(NginxProxyFiles.Config(lab, "lb1")));
    }

    private static string[] Words(string text) =>
        [.. text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#' && !s_ofTheLabAlone.Contains(l))
            .SelectMany(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
}
