using LbRunbook.Adapters.Observing;
using LbRunbook.Adapters.Processes;
using LbRunbook.Adapters.Vip;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Adapters.Vip;

/// <summary>The look asks sudo for exactly the words that a change will use: other ones would say yes beforehand and no half-way.</summary>
public sealed class SudoWordsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lbctl-sudo-words").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Look_LoginIsNotRoot_AsksForTheWordsOfTheAddressCommands()
    {
        var fleet = SampleFleet.TwoNodes(withIPv6: true);
        var node = fleet.Nodes[0] with { Ssh = fleet.Nodes[0].Ssh with { Sudo = true } };
        var asked = Path.Combine(_folder, "asked");
        Program("id", "echo 1000");
        Program("ip", "echo '[]'");
        Program("sudo", $"echo \"$*\" >>{asked}; echo NOPASSWD");
        var look = LookScript.Command(fleet, node, full: false, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

        var result = await ChildProcess.RunAsync(new("env",
            [$"PATH={_folder}:/usr/bin:/bin", .. look.Arguments]) { StandardInput = look.StandardInput },
                TestContext.Current.CancellationToken);
        Assert.True(result.Ok, result.Error);

        var expected = fleet.Vips.SelectMany(v => (string[])
            [string.Join(' ', AddressCommands.Add(v, v.InterfaceOn(node)).Arguments),
                string.Join(' ', AddressCommands.Remove(v.Cidr, v.InterfaceOn(node)).Arguments)]);
        Assert.Contains(fleet.Vips, v => v.IsIPv6);
        Assert.Equal(expected.Select(words => $"-n -l -- {words}"),
            (await File.ReadAllLinesAsync(asked, TestContext.Current.CancellationToken)).Where(l =>
                l.StartsWith("-n -l -- ip", StringComparison.Ordinal)));
    }

    private void Program(string name, string body)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
