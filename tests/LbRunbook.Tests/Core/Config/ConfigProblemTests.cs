using LbRunbook.Core.Config;
using Xunit;

namespace LbRunbook.Tests.Core.Config;

/// <summary>Single mistakes, each with its position and its message.</summary>
public sealed class ConfigProblemTests
{
    private const string Head = "cluster: web\nenvironment: lab\n";
    private const string Node = "{name: lb1, host: 10.0.0.1, proxy: haproxy}";

    [Theory]
    [InlineData("", "1:1: the file is empty")]
    [InlineData("# nothing\n", "1:1: the file is empty")]
    [InlineData("---\n", "1:1: the file is empty")]
    [InlineData("just text", "1:1: the file must be a mapping (cluster: …), not a single value")]
    [InlineData("- a\n- b", "1:1: the file must be a mapping (cluster: …), not a list")]
    [InlineData("nodes:\n\t- name: x", "2:1: a tab in the indentation; YAML allows only spaces there")]
    [InlineData("nodes: [", "1:9: this is not YAML")]
    [InlineData("a: 'open", "1:4: this is not YAML")]
    [InlineData("cluster: a\u0000b", "1:11: a control character (U+0000)")]
    [InlineData("cluster: a\nenvironment: lab\n---\ncluster: b", "3:1: a second document begins here")]
    public void Parse_NotAConfiguration_SaysWhatItIs(string text, string expected) => AssertProblem(text, expected);

    [Theory]
    [InlineData("cluster: other", "4:1: the key 'cluster' is there twice; the first is in line 1")]
    [InlineData("clutser: x",
        "4:1: unknown key 'clutser'; allowed: cluster, environment, ssh, nodes, vips, pools, backends, witnesses, thresholds, "
            + "alerts; did you mean cluster?")]
    [InlineData("vips: &v [{name: v, address: 10.0.0.9}]", "4:7: the anchor &v is not supported")]
    [InlineData("vips: *v", "4:7: the alias *v is not supported")]
    [InlineData("<<: {vips: []}", "4:1: the merge key << is not supported")]
    [InlineData("vips: !!seq []", "4:7: the tag tag:yaml.org,2002:seq is not supported")]
    [InlineData("? [a]\n: b", "4:3: a key must be text")]
    [InlineData("pools: [[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]", "4:23: nested too deeply; at most 16 levels")]
    [InlineData("ssh: text", "4:6: ssh must be a mapping (key: value), not a single value")]
    [InlineData("vips: {name: v}", "4:7: vips must be a list (lines that begin with -), not a mapping")]
    [InlineData("vips: [v]", "4:8: each of vips must be a mapping (name: …), not a single value")]
    [InlineData("thresholds: {fall: [3]}", "4:20: thresholds: fall must be a single value, not a list")]
    [InlineData("thresholds: {fall: }", "4:20: thresholds: fall has no value")]
    [InlineData("thresholds: {fall: 0}", "4:20: thresholds: fall '0' must be a whole number from 1 to 100")]
    [InlineData("thresholds: {cpu: 90}", "4:19: thresholds: cpu '90' must be a percentage from 1% to 100%, such as 50%")]
    [InlineData("thresholds: {timeout: 0s}", "4:23: thresholds: timeout '0s' must be from 1ms to 1h")]
    [InlineData("thresholds: {interval: 10}", "4:24: thresholds: interval '10' must be a number with a unit")]
    public void Parse_ShapeMistake_IsNamedWithItsPosition(string line, string expected) =>
        AssertProblem($"{Head}nodes: [{Node}]\n{line}\n", expected);

    [Theory]
    [InlineData("user: -oProxyCommand=x", "user '-oProxyCommand=x' is not a user name")]
    [InlineData("user: \"a b\"", "user 'a b' is not a user name")]
    [InlineData("port: 70000", "port '70000' must be a whole number from 1 to 65535")]
    [InlineData("identity: -F/tmp/evil", "identity '-F/tmp/evil' must be a path; it may not be empty or begin with '-'")]
    [InlineData("identity: \"a\\nb\"", "identity 'a\\u000ab' must be a path without quotes and control characters")]
    [InlineData("jump: \"host,-oProxyCommand=x\"", "the host '-oProxyCommand=x' must be an IP address")]
    [InlineData("jump: -l@host", "the user '-l' is not a user name")]
    [InlineData("jump: \"host:99999\"", "the port '99999' must be a whole number")]
    [InlineData("knownHosts: /a /b", "knownHosts '/a /b' must be one path without spaces")]
    [InlineData("client: putty", "client 'putty' must be one of auto, openssh, built-in")]
    [InlineData("sudo: yes", "sudo 'yes' must be true or false; did you mean true?")]
    [InlineData("connectTimeout: 100ms", "connectTimeout '100ms' must be from 1s to 5m")]
    public void Parse_SshValueThatCouldBecomeAnOption_IsRefused(string entry, string expected) =>
        AssertProblem($"{Head}nodes: [{Node}]\nssh: {{{entry}}}\n", expected);

    [Theory]
    [InlineData("10.0.0.256", "is not an IPv4 address")]
    [InlineData("10.1", "is not an IPv4 address")]
    [InlineData("010.0.0.1", "is not an IPv4 address")]
    [InlineData("fd00::g", "is not an IPv6 address")]
    [InlineData("\"[fd00::1]\"", "write an IPv6 address without brackets")]
    [InlineData("lb1:22", "a port belongs under port:")]
    [InlineData("ops@lb1", "the user belongs under ssh")]
    [InlineData("http://lb1", "not a URL")]
    [InlineData("-lb1", "which ssh would read as an option")]
    [InlineData("\"lb1;reboot\"", "is not a host")]
    [InlineData("\"lb 1\"", "is not a host")]
    [InlineData("lb1..example.com", "is not a host")]
    [InlineData("\"fe80::1%eth0\"", "is not an IPv6 address")]
    public void Parse_HostThatIsNone_IsRefused(string host, string expected) =>
        AssertProblem($"{Head}nodes: [{{name: lb1, host: {host}, proxy: haproxy}}]\n", expected);

    [Theory]
    [InlineData("10.0.0.300")]
    [InlineData("vip.example.com")]
    [InlineData("10.0.0.9/33")]
    [InlineData("10.0.0.9/0")]
    [InlineData("10.0.0.9/")]
    [InlineData("10.0.0.9/-1")]
    [InlineData("2001:db8::1/129")]
    [InlineData("0.0.0.0")]
    [InlineData("127.0.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("\"::\"")]
    [InlineData("\"::1\"")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:10.0.0.1")]
    public void Parse_VipThatIsNone_IsRefused(string address)
    {
        var problem = Assert.Single(ConfigLoader.Parse($"{Head}nodes: [{Node}]\nvips: [{{name: v, address: {address}}}]\n", "f").Problems);
        Assert.True(problem.IsError);
        Assert.StartsWith("vip 'v': address '", problem.Message);
    }

    [Theory]
    [InlineData("nodes: []", "3:1: no nodes; at least one load balancer")]
    [InlineData("nodes:", "3:1: no nodes; at least one load balancer")]
    [InlineData("vips: []", "1:1: no nodes; at least one load balancer")]
    [InlineData("nodes: [{}]", "3:9: node 1: name is missing")]
    [InlineData("nodes: [{name: a, host: 10.0.0.1}]", "node 'a': proxy is missing; allowed: haproxy, nginx")]
    [InlineData("nodes: [{name: .., host: 10.0.0.1, proxy: nginx}]", "name '..' must begin with a letter or a digit")]
    [InlineData("nodes: [{name: a, host: h, proxy: nginx}, {name: b, host: H, proxy: nginx}]",
        "node or witness address 'H' is there twice; the first is in line 3")]
    [InlineData("nodes: [{name: a, host: h, proxy: nginx}]\nwitnesses: [{name: A, host: w}]",
        "node or witness 'A' is there twice (capitals do not count); the first is in line 3")]
    [InlineData("nodes: [{name: a, host: 10.0.0.1, proxy: nginx}]\nvips: [{name: v, address: 10.0.0.1}]", "is the host of node 'a'")]
    [InlineData("nodes: [{name: a, host: h, proxy: nginx}]\nvips: [{name: v, address: 10.0.0.8}, {name: v, address: 10.0.0.8}]",
        "vip 'v' is there twice")]
    [InlineData("nodes: [{name: a, host: h, proxy: nginx}]\nvips: [{name: v, address: 10.0.0.8}, {name: w, address: 10.0.0.8/32}]",
        "vip address '10.0.0.8' is there twice")]
    [InlineData("nodes: [{name: a, host: h, proxy: nginx, service: {start: [a]}}]", "start, stop and status belong together")]
    [InlineData("nodes: [{name: a, host: h, proxy: nginx, service: {restart: rc-service nginx restart}}]",
        "restart must be a list of arguments; did you mean [rc-service, nginx, restart]?")]
    [InlineData("nodes: [{name: a, host: h, proxy: nginx, nginx: {status: file:///etc/passwd}}]",
        "must be a URL that begins with http:// or https://")]
    [InlineData("nodes: [{name: a, host: h, proxy: nginx, interface: eth0;reboot}]", "is not an interface name")]
    public void Parse_FleetMistake_IsNamed(string text, string expected) => AssertProblem($"{Head}{text}\n", expected);

    [Theory]
    [InlineData("pools: [{name: web}]", "4:9: pool 'web': has no backends")]
    [InlineData("pools: [{name: web, backends: [{name: a, host: h, port: 1}, {name: a, host: i, port: 1}]}]",
        "pool 'web', backend 'a' is there twice")]
    [InlineData("pools: [{name: web, backends: [{name: a, host: h, port: 1}, {name: b, host: h, port: 1}]}]",
        "pool 'web', backend address 'h port 1' is there twice")]
    [InlineData("pools: [{name: web, backends: [{name: a, host: h, port: 1}]}]\nbackends: [{name: a, host: i, port: 1, pool: web}]",
        "5:19: pool 'web', backend 'a' is there twice")]
    [InlineData("pools: [{name: web, backends: [{name: a, host: h, port: 1, pool: api}]}]", "contradicts its place in pool 'web'")]
    [InlineData("pools: [{name: web, backends: [{name: a, host: h, port: 1}]}]\nbackends: [{name: b, host: i, port: 1}]",
        "5:12: backend 'b': pool is missing; allowed: web")]
    [InlineData("backends: [{name: b, host: i, port: 1, pool: web}]", "pool 'web' does not exist; allowed: no pool is defined")]
    [InlineData("vips: [{name: v, address: 10.0.0.9, check: {port: 80}}]", "vip 'v', check: type is missing; allowed: tcp, http, command")]
    [InlineData("vips: [{name: v, address: 10.0.0.9, check: {type: htpp, port: 80}}]",
        "type 'htpp' must be one of tcp, http, command; did you mean http?")]
    [InlineData("vips: [{name: v, address: 10.0.0.9, check: {type: tcp, path: /}}]",
        "check (tcp): unknown key 'path'; allowed: type, port, timeout")]
    [InlineData("vips: [{name: v, address: 10.0.0.9, check: {type: http, path: \"/a b\"}}]",
        "must be a path that begins with / and has no spaces")]
    [InlineData("vips: [{name: v, address: 10.0.0.9, check: {type: http, path: \"/a\\r\\nX: y\"}}]",
        "must be a path that begins with / and has no spaces")]
    [InlineData("vips: [{name: v, address: 10.0.0.9, check: {type: command}}]", "command is missing; allowed: [program, argument, …]")]
    [InlineData("vips: [{name: v, address: 10.0.0.9, check: {type: command, command: []}}]", "command must not be empty")]
    [InlineData("vips: [{name: v, address: 10.0.0.9, check: http}]", "check must be a mapping")]
    public void Parse_PoolOrCheckMistake_IsNamed(string text, string expected) =>
        AssertProblem($"{Head}nodes: [{Node}]\n{text}\n", expected);

    [Fact]
    public void Parse_SameMistakesByTheThousand_AreBounded()
    {
        var problems = ConfigLoader.Parse(string.Concat(Enumerable.Range(0, 5000).Select(i => $"key{i}: x\n")), "f").Problems;
        Assert.Equal(101, problems.Count);
        Assert.Equal("and 4903 more problems; mend these first", problems[^1].Message);
    }

    [Fact]
    public void Parse_ForeignTextInAMessage_CannotSteerTheTerminal()
    {
        var problem = ConfigLoader.Parse($"{Head}nodes: [{Node}]\n\"\\e[2Jkey\\u202e{new string('x', 500)}\": 1\n", "f").Problems[0];
        Assert.Contains("unknown key '\\u001b[2Jkey\\u202exxx", problem.Message);
        Assert.DoesNotContain(new string('x', 100), problem.Message);
    }

    private static void AssertProblem(string text, string expected)
    {
        var result = ConfigLoader.Parse(text, "f");
        Assert.Null(result.Fleet);
        Assert.True(
            result.Problems.Any(p => p.ToString().Contains(expected, StringComparison.Ordinal)),
            $"expected: {expected}\nproblems: {string.Join('\n', result.Problems)}");
    }
}
