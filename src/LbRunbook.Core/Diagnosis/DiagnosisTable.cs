namespace LbRunbook.Core.Diagnosis;

/// <param name="Severity">Unless the rule has a reason to say otherwise (a standby, a share of a pool).</param>
/// <param name="Meaning">For an operator who reads it for the first time at 3 AM.</param>
/// <param name="Next">Template of the command to type; words in capitals are filled in by the rule.</param>
internal sealed record DiagnosisEntry(DiagnosisCode Code, Severity Severity, string Meaning, string Next);

/// <summary>The one place that says what a code means, how bad it is and what to do about it.</summary>
internal static class DiagnosisTable
{
    private static readonly Dictionary<DiagnosisCode, DiagnosisEntry> Entries = ((DiagnosisEntry[])
    [
        new(DiagnosisCode.ObserverIsolated, Severity.Unknown,
            "This machine reaches nothing of the cluster: no node, no witness, no router on the way. That is our own network far more likely than everything at once, so nothing is said about the cluster and nothing is done to it.",
            "ip route get NODE"),
        new(DiagnosisCode.NodeDown, Severity.Critical,
            "The load balancer is gone: it completes no TCP handshake, and an independent witness on its network gets no ARP answer from it either.",
            "lbctl failover NODE STANDBY"),
        new(DiagnosisCode.NodeUnreachable, Severity.Warning,
            "We cannot log in to the load balancer, but nobody else confirms that it is dead. It may serve perfectly well: look before you act.",
            "ssh -v NODE true"),
        new(DiagnosisCode.VipDuplicate, Severity.Critical,
            "More than one machine answers for the virtual IP. Clients are split between them, and connections break whenever their ARP cache changes its mind.",
            "lbctl failover --sweep"),
        new(DiagnosisCode.VipUnbound, Severity.Critical,
            "No node carries the virtual IP: clients get no answer at all.",
            "lbctl failover NODE STANDBY"),
        new(DiagnosisCode.ProxyDown, Severity.Critical,
            "The proxy does not run on a node that should serve traffic.",
            "lbctl failover NODE STANDBY"),
        new(DiagnosisCode.ProxyNotAnswering, Severity.Critical,
            "The proxy's service runs, but its admin socket or status page does not answer: it hangs, is overloaded, or we may not read it.",
            "lbctl failover NODE STANDBY"),
        new(DiagnosisCode.VipNotAnswering, Severity.Critical,
            "The check through the virtual IP fails: this is what clients see.",
            "lbctl failover NODE STANDBY"),
        new(DiagnosisCode.PoolDown, Severity.Critical,
            "No backend of the pool is healthy and in rotation: its users get errors whichever node they reach.",
            "lbctl assess --output json"),
        new(DiagnosisCode.PoolDegraded, Severity.Warning,
            "Some backends of the pool are unhealthy or out of rotation. Below the configured minimum it is critical.",
            "lbctl assess --watch"),
        new(DiagnosisCode.BackendDown, Severity.Warning,
            "A backend that should serve fails its health checks.",
            "ssh BACKEND systemctl status SERVICE"),
        new(DiagnosisCode.NodeOverloaded, Severity.Warning,
            "CPU, memory, disk or the connection limit of a load balancer is past its threshold.",
            "ssh NODE top -b -n 1"),
        new(DiagnosisCode.ProxyStandby, Severity.Warning,
            "The proxy of a standby node is not ready: nobody notices today, but a failover to it would not work.",
            "ssh NODE systemctl start SERVICE"),
        new(DiagnosisCode.SudoRefused, Severity.Warning,
            "sudo asks for a password or forbids the command, so root's view of the node is missing and a failover could not change it.",
            "ssh NODE sudo -n -l"),
        new(DiagnosisCode.BackendUnreachableFromNode, Severity.Warning,
            "A backend answers from one place but not from another: a firewall, a route or a cable between the two, not the backend itself.",
            "ssh NODE curl -sv URL"),
        new(DiagnosisCode.BackendDisagreement, Severity.Warning,
            "The nodes disagree whether a backend may get traffic. After a failover its users would see something else than now.",
            "lbctl assess --output json"),
        new(DiagnosisCode.BackendSlow, Severity.Warning,
            "A backend passes its health check, but slower than the limit.",
            "ssh BACKEND uptime"),
        new(DiagnosisCode.ConfigDrift, Severity.Warning,
            "The proxy configurations of the nodes differ in more than the nodes' own names and addresses: a failover changes behaviour.",
            "diff <(ssh NODE cat FILE) <(ssh NODE cat FILE)"),
        new(DiagnosisCode.CertificateExpiring, Severity.Warning,
            "A certificate that the proxy serves ends soon. Once it has ended, clients refuse to connect, and that is critical.",
            "ssh NODE openssl x509 -noout -dates -in FILE"),
        new(DiagnosisCode.ObservationIncomplete, Severity.Unknown,
            "Some looks did not come back within the budget. What is said about the rest is complete; what is missing is unknown, not well.",
            "lbctl assess --budget 30s"),
        new(DiagnosisCode.VipOnWrongNode, Severity.Ok,
            "The virtual IP is served by a node of lower priority although a better one is ready. Nothing is broken: move it back when it suits.",
            "lbctl failover NODE PREFERRED"),
        new(DiagnosisCode.OldWorkers, Severity.Ok,
            "After a reload, workers of the earlier configuration still serve their last connections: session counts of the new one are too low until they end.",
            "lbctl assess --watch"),
        new(DiagnosisCode.BackendIsolated, Severity.Ok,
            "Somebody took the backend out of rotation (drain or maintenance). HAProxy forgets this on a reload unless its state file is written.",
            "lbctl assess --output json"),
        new(DiagnosisCode.UnevenTraffic, Severity.Ok,
            "A backend gets far more or fewer sessions than its weight says: a recent restart, sticky clients, or a slow neighbour.",
            "lbctl assess --watch"),
    ]).ToDictionary(e => e.Code);

    public static IEnumerable<DiagnosisEntry> All => Entries.Values;
    public static DiagnosisEntry Of(DiagnosisCode code) => Entries[code];
}
