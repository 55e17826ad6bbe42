using LbRunbook.Core.Config;
using Xunit;

namespace LbRunbook.Tests.Core.Config;

/// <summary>What is said but stops nothing.</summary>
public sealed class ConfigWarningTests
{
    private const string Base = "cluster: web\nenvironment: lab\nnodes: [{name: lb1, host: 10.0.0.1, proxy: haproxy}]\n";
    private const string Webhook = "https://hooks.slack.com/services/T000/B000/XXXXXXXX";

    [Theory]
    [InlineData("alerts: [{name: a, type: slack, webhook: " + Webhook + "}]",
        "webhook: a secret in plain text, not used; keep it out of the file: secretFile, secretEnvironment or secretCommand")]
    [InlineData("alerts: [{name: a, type: slack, url: " + Webhook + "}]", "url: a secret in plain text, not used")]
    [InlineData("alerts: [{name: a, type: slack, channel: " + Webhook + "}]", "a secret in plain text; keep it out of the file")]
    [InlineData("alerts: [{name: a, type: slack, secretCommand: [echo, " + Webhook + "]}]",
        "a secret in plain text; keep it out of the file")]
    [InlineData("alerts: [{name: a, type: pagerduty, routingKey: R0UT1NGK3Y}]", "routingKey: a secret in plain text, not used")]
    [InlineData("alerts: [{name: a, type: pagerduty, routing_key: R0UT1NGK3Y}]", "routing_key: a secret in plain text, not used")]
    [InlineData("ssh: {password: hunter2}", "password: a secret in plain text, not used; log in with an ssh key or agent (identity)")]
    public void Parse_SecretInPlainText_WarnsAndDoesNotRepeatIt(string text, string expected)
    {
        var result = ConfigLoader.Parse($"{Base}{text}\n", "f");
        Assert.NotNull(result.Fleet);
        Assert.Contains(result.Problems, p => !p.IsError && p.Message.StartsWith(expected, StringComparison.Ordinal));
        AssertNoSecret(result);
    }

    [Theory]
    [InlineData("secretFile: " + Webhook, "secretFile must be the path of a file")]
    [InlineData("secretEnvironment: R0UT1NG-K3Y", "secretEnvironment must be the name of an environment variable")]
    [InlineData("secretCommand: R0UT1NGK3Y", "secretCommand must be a list of arguments")]
    [InlineData("type: " + Webhook, "type must be one of slack, pagerduty")]
    [InlineData("secretFile: /a, secretEnvironment: B", "more than one secret; give one of")]
    public void Parse_SecretInTheWrongPlace_IsAnErrorThatDoesNotRepeatIt(string entry, string expected)
    {
        var result = ConfigLoader.Parse($"{Base}alerts: [{{name: a, {entry}}}]\n", "f");
        Assert.Null(result.Fleet);
        Assert.Contains(result.Problems, p => p.IsError && p.Message.Contains(expected, StringComparison.Ordinal));
        AssertNoSecret(result);
    }

    [Theory]
    [InlineData("vips: [{name: v, address: 10.0.0.9/24}]", "f:4:27: warning: vip 'v': address '10.0.0.9/24' is wider than /32")]
    [InlineData("vips: [{name: v, address: \"2001:db8::9/64\"}]", "f:4:27: warning: vip 'v': address '2001:db8::9/64' is wider than /128")]
    [InlineData("alerts: [{name: a, type: slack}]", "f:4:10: warning: alert 'a': has no secret, so nothing can be sent")]
    [InlineData("witnesses: [{name: w, host: 10.0.0.1}]", "f:4:29: warning: witness 'w': host 10.0.0.1 is node 'lb1' itself")]
    public void Parse_DoubtfulValue_WarnsAndGoesOn(string text, string expected)
    {
        var result = ConfigLoader.Parse($"{Base}{text}\n", "f");
        Assert.NotNull(result.Fleet);
        Assert.StartsWith(expected, Assert.Single(result.Problems).ToString());
    }

    [Fact]
    public void Parse_EverythingUnderAKeyCommentedOut_IsSilent() =>
        Assert.Empty(ConfigLoader.Parse($"{Base}vips:\n# - name: v\nalerts:\nssh:\n", "f").Problems);

    [Fact]
    public void Parse_ExplicitNull_TurnsADefaultOff()
    {
        var fleet = ConfigLoader
            .Parse("cluster: w\nenvironment: lab\nnodes: [{name: a, host: h, proxy: haproxy, haproxy: "
                + "{masterSocket: null, stateFile: ~}}]", "f").Fleet!;
        Assert.Equal((null, null), (fleet.Nodes[0].Haproxy.MasterSocket, fleet.Nodes[0].Haproxy.StateFile));
    }

    [Theory]
    [InlineData("/a.cfg", "/a.cfg")]
    [InlineData("[/a.cfg, /etc/haproxy/conf.d]", "/a.cfg /etc/haproxy/conf.d")]
    [InlineData("[]", null)]
    [InlineData("[a.cfg]", null)]
    [InlineData("{a: b}", null)]
    public void Parse_HaproxyConfig_IsAPathOrAListOfThem(string config, string? paths)
    {
        var fleet = ConfigLoader.Parse(
            $"cluster: w\nenvironment: lab\nnodes: [{{name: a, host: h, proxy: haproxy, haproxy: {{config: {config}}}}}]", "f").Fleet;
        Assert.Equal(paths, fleet is null ? null : string.Join(' ', fleet.Nodes[0].Haproxy.AllConfig));
    }

    private static void AssertNoSecret(ConfigResult result)
    {
        var text = string.Join('\n', result.Problems);
        Assert.All(["XXXXXXXX", "R0UT1NG", "hunter2"], secret => Assert.DoesNotContain(secret, text));
    }
}
