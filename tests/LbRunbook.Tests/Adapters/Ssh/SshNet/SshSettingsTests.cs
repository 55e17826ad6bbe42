using LbRunbook.Adapters.Ssh;
using LbRunbook.Adapters.Ssh.SshNet;
using LbRunbook.Core.Model;
using Xunit;

namespace LbRunbook.Tests.Adapters.Ssh.SshNet;

public sealed class SshSettingsTests
{
    private static readonly RemoteHost Bare = new("lb1", "10.0.0.10", new());

    [Fact]
    public void Applied_WhatSshPrints_IsUsed()
    {
        var settings = SshDefaults.Applied(Bare, SshConfig.Parse(
            """
            user ops
            hostname 192.0.2.7
            port 2222
            identityfile /k/%r@%h
            identityfile /k/100%%
            identitiesonly yes
            userknownhostsfile /a/known_hosts /a/known_hosts2
            globalknownhostsfile /etc/ssh/ssh_known_hosts
            hostkeyalias lb1.example.com
            stricthostkeychecking accept-new
            proxyjump jump.example.com
            proxycommand none
            gssapiauthentication yes
            identityagent none
            """));

        Assert.Equal(("192.0.2.7", "ops", 2222), (settings.HostName, settings.User, settings.Port));
        Assert.Equal(["/k/ops@192.0.2.7", "/k/100%"], settings.Identities);
        Assert.Equal(["/a/known_hosts", "/a/known_hosts2", "/etc/ssh/ssh_known_hosts"], settings.KnownHosts);
        Assert.Equal((true, true, true), (settings.IdentitiesOnly, settings.AcceptsNewHostKeys, settings.Gssapi));
        Assert.Equal(("jump.example.com", null, null), (settings.Jump, settings.ProxyCommand, settings.Agent));
        Assert.Equal(["lb1.example.com"], settings.KeyNames);
    }

    [Fact]
    public void Of_NoSshHere_IsTheConfigurationAndTheUsualPlaces()
    {
        var settings = SshDefaults.Of(Bare with { Ssh = new() { User = "ops", Port = 2222, Identity = "/k/id", KnownHosts = "/k/known" } });

        Assert.Equal(("10.0.0.10", "ops", 2222), (settings.HostName, settings.User, settings.Port));
        Assert.Equal(["/k/id"], settings.Identities);
        Assert.Equal("/k/known", settings.KnownHosts[0]);
        Assert.DoesNotContain(settings.KnownHosts, file => file.Contains(".ssh", StringComparison.Ordinal));
        Assert.True(settings.IdentitiesOnly);
        Assert.Equal(["[10.0.0.10]:2222", "10.0.0.10"], settings.KeyNames);
    }

    [Theory]
    [InlineData("jump", null, "jump", null, null)]
    [InlineData("ops@jump:2222", "ops", "jump", 2222, null)]
    [InlineData("[fd00::1]:2222", null, "fd00::1", 2222, null)]
    [InlineData("fd00::1", null, "fd00::1", null, null)]
    [InlineData("a@first:1,second", null, "second", null, "a@first:1")]
    public void JumpWay_Last_IsReachedOverThoseBefore(string jump, string? user, string host, int? port, string? over)
    {
        var last = JumpWay.Last(Bare with { Ssh = new() { User = "root", Identity = "/k/id" } }, jump, hasSshConfig: false);

        Assert.Equal((user, host, port, over), (last.Ssh.User, last.Host, last.Ssh.Port, last.Ssh.Jump));
        Assert.Equal("/k/id", last.Ssh.Identity);
    }

    [Fact]
    public void JumpWay_LastWhereSshConfigSpeaksForIt_HasNothingOfTheHost() =>
        Assert.Null(JumpWay.Last(Bare with { Ssh = new() { Identity = "/k/id" } }, "jump", hasSshConfig: true).Ssh.Identity);

    [Theory]
    [InlineData(SshClientKind.Auto, true, true, SshClientKind.OpenSsh)]
    [InlineData(SshClientKind.Auto, false, true, SshClientKind.BuiltIn)]
    [InlineData(SshClientKind.Auto, false, false, SshClientKind.BuiltIn)]
    [InlineData(SshClientKind.Auto, true, false, SshClientKind.BuiltIn)]
    [InlineData(SshClientKind.OpenSsh, false, false, SshClientKind.OpenSsh)]
    [InlineData(SshClientKind.BuiltIn, true, true, SshClientKind.BuiltIn)]
    public async Task ClientChoice_OfAMachine_IsTheOneThatFits(SshClientKind asked, bool hasOpenSsh, bool shares, SshClientKind expected)
    {
        var plain = new SshSettings { HostName = "h", User = "u" };

        Assert.Equal(expected, await ClientChoice.OfAsync(asked, hasOpenSsh, shares, () => Task.FromResult(plain)));
    }

    [Theory]
    [InlineData("nc %h %p", false)]
    [InlineData(null, true)]
    public async Task ClientChoice_HostThatNeedsOpenSsh_GetsIt(string? command, bool gssapi)
    {
        var settings = new SshSettings
        {
            HostName = "h", User = "u", ProxyCommand = command, Gssapi = gssapi, Identities = ["/nonexistent/id"],
        };

        Assert.Equal(SshClientKind.OpenSsh,
            await ClientChoice.OfAsync(SshClientKind.Auto, hasOpenSsh: true, sharesConnections: false, () => Task.FromResult(settings)));
    }
}
