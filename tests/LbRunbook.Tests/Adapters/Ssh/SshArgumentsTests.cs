using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using Xunit;

namespace LbRunbook.Tests.Adapters.Ssh;

public sealed class SshArgumentsTests
{
    private const string Common =
        "-T -a -x -o BatchMode=yes -o ConnectTimeout=5 -o ConnectionAttempts=1 -o ServerAliveInterval=1 -o ServerAliveCountMax=3 "
        + "-o RemoteCommand=none -o PermitLocalCommand=no";

    private static readonly RemoteHost Bare = new("lb1", "10.0.0.10", new SshOptions());

    private static readonly RemoteHost Full = new("lb1", "10.0.0.10", new SshOptions
    {
        User = "ops",
        Port = 2222,
        Identity = "/keys/100%",
        Jump = "bastion.example.com",
        KnownHosts = "/etc/lbctl/known hosts",
        ConnectTimeout = TimeSpan.FromMilliseconds(1200),
    });

    [Fact]
    public void Single_BareHost_LeavesTheRestToSshConfig() =>
        Assert.Equal(
            $"-o LogLevel=ERROR -o ControlMaster=no -o ControlPath=none -o ClearAllForwardings=yes {Common} -- 10.0.0.10 true",
            string.Join(' ', SshArguments.Single(Bare, "true")));

    [Fact]
    public void Master_EverythingConfigured_IsPassedOn() =>
        Assert.Equal(
            "-M -N -f -E /run/lbctl/m-1.log -o LogLevel=INFO -o ControlPath=\"/run/lbctl/m-1\" -o ControlPersist=60 -o "
                + "StreamLocalBindUnlink=yes "
            + $"-o ClearAllForwardings=yes {Common.Replace("ConnectTimeout=5", "ConnectTimeout=2", StringComparison.Ordinal)} "
            + "-o UserKnownHostsFile=\"/etc/lbctl/known hosts\" -i /keys/100%% -o IdentitiesOnly=yes -o PreferredAuthentications=publickey "
            + "-l ops -p 2222 -J bastion.example.com -- 10.0.0.10",
            string.Join(' ', SshArguments.Master(Full, "/run/lbctl/m-1", "/run/lbctl/m-1.log", TimeSpan.FromSeconds(60))));

    [Fact]
    public void Shared_AnyHost_CannotLogInByItself() =>
        Assert.Equal(
            "-T -a -x -o LogLevel=ERROR -o BatchMode=yes -o ControlMaster=no -o ControlPath=\"/run/lbctl/m-1\" -o RemoteCommand=none "
            + "-o ClearAllForwardings=yes -o ProxyCommand=false -- 10.0.0.10 true",
            string.Join(' ', SshArguments.Shared(Full, "/run/lbctl/m-1", "true")));

    [Fact]
    public void All_HostThatLooksLikeAnOption_StandsBehindTheDashes()
    {
        var trap = Bare with { Host = "-oProxyCommand=evil" };
        IReadOnlyList<string>[] lists =
            [SshArguments.Single(trap, "true"), SshArguments.Shared(trap, "/m", "true"),
                SshArguments.Master(trap, "/m", "/l", TimeSpan.Zero), SshArguments.Control(trap, "/m", "exit")];

        Assert.All(lists, list =>
            Assert.Equal(list.Index().Single(word => word.Item == trap.Host).Index - 1,
                list.Index().Single(word => word.Item == "--").Index));
    }

    [Fact]
    public void Identity_AnyDifferenceInTheLogin_IsAnotherConnection()
    {
        SshOptions[] logins = [new(), new() { User = "ops" }, new() { Port = 22 }, new() { Identity = "a" }, new() { Jump = "a" },
            new() { KnownHosts = "a" }];

        Assert.Equal(logins.Length, logins.Select(login => SshMaster.Identity(Bare with { Ssh = login })).Distinct().Count());
        Assert.Equal(SshMaster.Identity(Bare), SshMaster.Identity(Bare with { Name = "other", Ssh = new() { Sudo = true } }));
    }
}
