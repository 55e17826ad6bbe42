namespace LbRunbook.Core.Config;

/// <summary>Every key of the format, by the section's name in <c>config/lbctl.schema.json</c>; a test keeps the two the same.</summary>
internal static class ConfigKeys
{
    public static KeySet Root { get; } = new("root",
        ["cluster", "environment", "ssh", "nodes", "vips", "pools", "backends", "witnesses", "thresholds", "alerts"]);
    public static KeySet Ssh { get; } = new("ssh",
        ["client", "user", "port", "identity", "jump", "sudo", "knownHosts", "connectTimeout", "commandTimeout"]);
    public static KeySet Node { get; } = new("node",
        ["name", "host", "proxy", "interface", "priority", "ssh", "service", "exec", "haproxy", "nginx", "keepalived", "fence"]);
    public static KeySet Fence { get; } = new("fence", ["address", "command", "ec2", "confirm", "timeout"]);
    public static KeySet Ec2 { get; } = new("ec2", ["instance", "region"]);
    public static KeySet Service { get; } = new("service", ["name", "start", "stop", "reload", "restart", "status"]);
    public static KeySet Haproxy { get; } = new("haproxy", ["socket", "masterSocket", "config", "stateFile", "closeMap", "binary"]);
    public static KeySet Nginx { get; } = new("nginx", ["config", "status", "pidFile", "closeFile", "binary"]);
    public static KeySet Keepalived { get; } = new("keepalived", ["config", "service"]);
    public static KeySet Vip { get; } = new("vip", ["name", "address", "interface", "check"]);
    public static KeySet Pool { get; } = new("pool", ["name", "proxyName", "health", "deepHealth", "affinity", "backends", "emergency"]);
    public static KeySet Affinity { get; } = new("affinity", ["cookie", "source", "servedBy", "vip", "path", "requests"]);
    public static KeySet Backend { get; } = new("backend", ["name", "host", "port", "pool", "ssh", "service"]);
    public static KeySet Emergency { get; } = new("emergency",
        ["name", "host", "port", "weight", "serverOptions", "ssh", "service", "container"]);
    public static KeySet Container { get; } = new("container", ["engine", "name"]);
    public static KeySet Witness { get; } = new("witness", ["name", "host", "interface", "ssh"]);
    public static KeySet TcpCheck { get; } = new("tcpCheck", ["type", "port", "timeout"]);
    public static KeySet HttpCheck { get; } = new("httpCheck",
        ["type", "port", "timeout", "method", "path", "status", "body", "host", "tls"]);
    public static KeySet CommandCheck { get; } = new("commandCheck", ["type", "port", "timeout", "command"]);

    public static KeySet Thresholds { get; } = new(
        "thresholds",
        ["interval", "timeout", "fall", "rise", "minimumHealthy", "cpu", "memory", "disk", "certificateExpiry", "slow"]);

    public static KeySet Alert { get; } = new(
        "alert",
        ["name", "type", "secretFile", "secretEnvironment", "secretCommand", "channel", "minimumSeverity"]);

    /// <summary>A check whose type is missing or wrong: any key that some check has.</summary>
    public static KeySet AnyCheck { get; } = new("check", [.. TcpCheck.Names.Union(HttpCheck.Names).Union(CommandCheck.Names)]);

    public static IReadOnlyList<KeySet> All { get; } =
        [Root, Ssh, Node, Service, Haproxy, Nginx, Keepalived, Fence, Ec2, Vip, Pool, Affinity, Backend, Emergency, Container, Witness,
            TcpCheck, HttpCheck, CommandCheck, Thresholds, Alert];
}

internal sealed record KeySet(string Section, IReadOnlyList<string> Names);
