using System.Reflection;
using LbRunbook.Adapters.Ssh;
using Xunit;

namespace LbRunbook.SystemTests.Publish;

/// <summary>What could be lost on the way to one native file, and what that may weigh.</summary>
public sealed class LinuxPublishTests
{
    private const long LargestBinary = 25 * 1024 * 1024;
    private static readonly byte[] s_binary = File.ReadAllBytes(Lbctl.Binary);

    public LinuxPublishTests() =>
        Assert.SkipWhen(File.Exists(Lbctl.Binary + ".dll"), "LBCTL_BIN names no published lbctl; this is the Debug build");

    [Fact]
    public void Binary_AsInstalled_IsOneSmallNativeFile()
    {
        // Whatever has its runtime beside or inside it looks for this library.
        var managed = Contains("hostfxr"u8);
        Assert.SkipWhen(managed && !Environment.IsPrivilegedProcess, "not root, and there is no linker: lbctl is not native code here");
        Assert.False(managed, $"{Lbctl.Binary} is not native code");
        Assert.InRange(s_binary.Length, 1, LargestBinary);
    }

    [Fact]
    public async Task Version_OfTheBinary_IsTheOneOfTheCode()
    {
        var version = typeof(Lbctl).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        Assert.Equal(version, (await Lbctl.ExpectAsync(0, "--version")).Trim());
    }

    [Fact]
    public void Binary_EveryScriptOfTheCode_IsInIt()
    {
        var assembly = typeof(EmbeddedScript).Assembly;
        Assert.Contains("look.sh", assembly.GetManifestResourceNames());
        Assert.All(assembly.GetManifestResourceNames(), name =>
        {
            using var content = new MemoryStream();
            using (var stream = assembly.GetManifestResourceStream(name)!)
                stream.CopyTo(content);
            Assert.True(Contains(content.ToArray()), $"{name} is not in {Lbctl.Binary}");
        });
    }

    private static bool Contains(ReadOnlySpan<byte> piece) => s_binary.AsSpan().IndexOf(piece) >= 0;
}
