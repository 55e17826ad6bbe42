using System.Text;
using LbRunbook.Core.Config;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Core.Config;

public sealed class ConfigFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lbctl-config-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Load_Directory_IsRefused() => AssertOnly(folder, "1:1: this is a directory, not a file");

    [Fact]
    public void Load_MissingFile_IsRefused() => AssertOnly(Path.Combine(folder, "none"), "1:1: the file does not exist");

    [Fact]
    public void Load_EndlessDevice_IsRefused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /dev/zero");
        AssertOnly("/dev/zero", "1:1: this is a device, not a file");
    }

    [Fact]
    public void Load_LongerThanAnyConfiguration_IsBounded() =>
        AssertOnly(Write(new byte[3 * 1024 * 1024]), "1:1: the file is too large; at most 1024 KiB");

    [Fact]
    public void Load_NotUtf8_NamesTheFirstBadCharacter() =>
        AssertOnly(Write([.. "cluster: ä\nname: "u8, 0xE4, (byte)'x']), "2:7: this is not UTF-8 text; save the file as UTF-8");

    [Fact]
    public void Load_Utf16_IsRefused() =>
        AssertOnly(Write(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("cluster: a")).ToArray()),
            "1:1: this is not UTF-8 text");

    [Fact]
    public void Load_ByteOrderMarkAndWindowsLines_IsRead()
    {
        var text = RepositoryFiles.Text("config/lbctl.example.yaml").ReplaceLineEndings("\r\n");
        Assert.Empty(ConfigLoader.Load(Write([.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text)])).Problems);
    }

    private string Write(byte[] bytes)
    {
        var path = Path.Combine(folder, "config.yaml");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static void AssertOnly(string path, string expected)
    {
        var result = ConfigLoader.Load(path);
        Assert.Null(result.Fleet);
        Assert.StartsWith($"{path}:{expected}", Assert.Single(result.Problems).ToString());
    }
}
