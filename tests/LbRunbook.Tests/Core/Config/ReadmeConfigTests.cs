using LbRunbook.Core.Config;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Core.Config;

/// <summary>People paste what config/README.md shows first.</summary>
public sealed class ReadmeConfigTests
{
    [Fact]
    public void ReadmeConfiguration_Load_HasNoProblems()
    {
        var readme = RepositoryFiles.Text("config/README.md");
        var start = readme.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)]);
            var result = ConfigLoader.Load(file);
            Assert.Empty(result.Problems);
            Assert.Equal(["web1", "web2"], result.Fleet!.Pools[0].Backends.Select(b => b.Name));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
