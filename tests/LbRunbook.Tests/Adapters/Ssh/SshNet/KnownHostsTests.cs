using LbRunbook.Adapters.Ssh.SshNet;
using Xunit;

namespace LbRunbook.Tests.Adapters.Ssh.SshNet;

public sealed class KnownHostsTests
{
    private const string KeyText = "AAAAC3NzaC1lZDI1NTE5AAAAIFQZKM2LTCWmrvcMIsFfnAsVGBLOXYYHtPXlWGNPpPaG";
    private const string OtherText = "AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private const string RsaText = "AAAAB3NzaC1yc2EAAAADAQABAAAAAQE=";

    private static readonly byte[] Key = Convert.FromBase64String(KeyText);

    [Theory]
    [InlineData("10.0.0.10 ssh-ed25519 " + KeyText, nameof(HostKeyVerdict.Known))]
    [InlineData("10.0.0.10\tssh-ed25519\t" + KeyText + " comment of mine", nameof(HostKeyVerdict.Known))]
    [InlineData("lb1,10.0.0.10 ssh-ed25519 " + KeyText, nameof(HostKeyVerdict.Known))]
    [InlineData("10.0.0.* ssh-ed25519 " + KeyText, nameof(HostKeyVerdict.Known))]
    [InlineData("10.0.0.1? ssh-ed25519 " + KeyText, nameof(HostKeyVerdict.Known))]
    [InlineData("10.0.0.*,!10.0.0.10 ssh-ed25519 " + KeyText, nameof(HostKeyVerdict.Unknown))]
    [InlineData("10.0.0.11 ssh-ed25519 " + KeyText, nameof(HostKeyVerdict.Unknown))]
    [InlineData("", nameof(HostKeyVerdict.Unknown))]
    [InlineData("# 10.0.0.10 ssh-ed25519 " + KeyText, nameof(HostKeyVerdict.Unknown))]
    [InlineData("10.0.0.10 ssh-ed25519 no-base64!", nameof(HostKeyVerdict.Unknown))]
    [InlineData("10.0.0.10 ssh-ed25519 " + OtherText, nameof(HostKeyVerdict.Changed))]
    [InlineData("10.0.0.10 ssh-ed25519 " + OtherText + "\n10.0.0.10 ssh-ed25519 " + KeyText, nameof(HostKeyVerdict.Known))]
    [InlineData("10.0.0.10 ssh-rsa " + RsaText, nameof(HostKeyVerdict.Unknown))]
    [InlineData("10.0.0.10 ssh-ed25519 " + KeyText + "\n@revoked * ssh-ed25519 " + KeyText, nameof(HostKeyVerdict.Revoked))]
    [InlineData("10.0.0.10 ssh-ed25519 " + KeyText + "\n@revoked 10.9.* ssh-ed25519 " + KeyText, nameof(HostKeyVerdict.Known))]
    [InlineData("@revoked * ssh-ed25519 " + OtherText, nameof(HostKeyVerdict.Unknown))]
    [InlineData("@cert-authority * ssh-ed25519 " + KeyText, nameof(HostKeyVerdict.Unknown))]
    [InlineData("@something * ssh-ed25519 " + KeyText, nameof(HostKeyVerdict.Unknown))]
    public void Of_Lines_IsWhatSshSays(string lines, string expected) =>
        Assert.Equal(expected, KnownHosts.Parse(lines).Of(["10.0.0.10"], Key).ToString());

    /// <summary>Made by <c>ssh-keygen -H</c>.</summary>
    [Theory]
    [InlineData("10.0.0.10", nameof(HostKeyVerdict.Known))]
    [InlineData("10.0.0.11", nameof(HostKeyVerdict.Unknown))]
    public void Of_HashedName_IsTried(string name, string expected) =>
        Assert.Equal(expected,
            KnownHosts.Parse("|1|EamA2E/Xw9XCr2bqT2y8klVomQA=|jDuAqV2J0nTtkHRhXijKKN6O1AU= ssh-ed25519 " + KeyText).Of([name], Key)
                .ToString());

    [Theory]
    [InlineData("[10.0.0.10]:2222 ssh-ed25519 " + KeyText, nameof(HostKeyVerdict.Known))]
    [InlineData("10.0.0.10 ssh-ed25519 " + KeyText, nameof(HostKeyVerdict.Known))]
    [InlineData("10.0.0.10 ssh-ed25519 " + OtherText, nameof(HostKeyVerdict.Unknown))]
    [InlineData("[10.0.0.10]:2222 ssh-ed25519 " + OtherText, nameof(HostKeyVerdict.Changed))]
    public void Of_OtherPortThan22_IsAnotherName(string line, string expected) =>
        Assert.Equal(expected, KnownHosts.Parse(line).Of(["[10.0.0.10]:2222", "10.0.0.10"], Key).ToString());

    [Fact]
    public void IsAuthority_OfItsHostsOnly()
    {
        var known = KnownHosts.Parse($"@cert-authority *.example.com ssh-ed25519 {KeyText}");

        Assert.True(known.IsAuthority(["lb1.example.com"], Key));
        Assert.False(known.IsAuthority(["lb1.example.org"], Key));
        Assert.False(known.IsAuthority(["lb1.example.com"], Convert.FromBase64String(OtherText)));
    }

    [Fact]
    public void Read_MissingFile_KnowsNobody() =>
        Assert.Equal(HostKeyVerdict.Unknown, KnownHosts.Read(["/nonexistent/known_hosts"]).Of(["10.0.0.10"], Key));

    [Fact]
    public void TypesOf_Host_AreThoseRecorded() =>
        Assert.Equal(["ssh-rsa", "ssh-ed25519"],
            KnownHosts.Parse($"h ssh-rsa {RsaText}\nh ssh-ed25519 {KeyText}\ng ssh-ed25519 {OtherText}").TypesOf("h"));
}
