namespace LbRunbook.Core.Diagnosis;

/// <summary>
/// Named conditions, causes before their effects. Nouns: detecting is separate from acting. The one place that says what a code means, how
/// bad it is and what to do about it.
/// </summary>
public enum DiagnosisCode
{
    [Diagnosis(Severity.Unknown,
        "This machine reaches nothing of the cluster: no node, no witness, no router on the way. That is our own network far more "
            + "likely than everything at once, so nothing is said about the cluster and nothing is done to it.",
        "ip route get NODE")]
    ObserverIsolated,

    [Diagnosis(Severity.Warning,
        "The last run of lbctl on this machine that changed the cluster did not get through to its end: it was killed, or it ended in "
            + "part. What else is found is probably its doing, and that run knows both ways out, forward and back. As critical as the "
            + "worst that is found beside it.",
        "lbctl resume RUN")]
    RunUnfinished,

    [Diagnosis(Severity.Critical,
        "The load balancer is gone: it completes no TCP handshake, and an independent witness on its network gets no "
            + "ARP answer from it either.",
        "lbctl failover NODE STANDBY")]
    NodeDown,

    [Diagnosis(Severity.Warning,
        "We cannot log in to the load balancer, but nobody else confirms that it is dead. It may serve perfectly "
            + "well: look before you act.",
        "ssh -v NODE true")]
    NodeUnreachable,

    [Diagnosis(Severity.Critical,
        "Two keepalived are master of the same virtual IP, because the VRRP packets between them do not arrive. Stopping one ends the "
            + "split; the network is the cause.",
        "lbctl failover EXTRA RIGHTFUL --emergency")]
    VrrpSplitBrain,

    [Diagnosis(Severity.Critical,
        "keepalived was killed and left its virtual IP on the interface. The kernel goes on answering for it while "
            + "another node has become master.",
        "lbctl failover NODE STANDBY")]
    VrrpLeftover,

    [Diagnosis(Severity.Critical,
        "A keepalived process is stopped (SIGSTOP, a debugger, a frozen container): another node takes over after some seconds, and "
            + "the address jumps back and forth when the process goes on.",
        "lbctl failover NODE STANDBY")]
    VrrpStuck,

    [Diagnosis(Severity.Critical,
        "More than one machine answers for the virtual IP. Clients are split between them, and connections break whenever their "
            + "ARP cache changes its mind.",
        "lbctl failover --sweep")]
    VipDuplicate,

    [Diagnosis(Severity.Critical,
        "No node carries the virtual IP: clients get no answer at all.",
        "lbctl failover NODE STANDBY")]
    VipUnbound,

    [Diagnosis(Severity.Critical,
        "The proxy does not run on a node that should serve traffic.",
        "lbctl failover NODE STANDBY")]
    ProxyDown,

    [Diagnosis(Severity.Critical,
        "The proxy's service runs, but its admin socket or status page does not answer: it hangs, is "
            + "overloaded, or we may not read it.",
        "lbctl failover NODE STANDBY")]
    ProxyNotAnswering,

    [Diagnosis(Severity.Critical,
        "The check through the virtual IP fails: this is what clients see.",
        "lbctl failover NODE STANDBY")]
    VipNotAnswering,

    [Diagnosis(Severity.Warning,
        "The name of a backend does not resolve, on the node that should send it traffic or here. The backend may be well; without an "
            + "address nobody reaches it. Look at the resolver and at the record, not at the backend.",
        "ssh NODE getent ahosts NAME")]
    BackendNameUnresolved,

    [Diagnosis(Severity.Critical,
        "No backend of the pool is healthy and in rotation: its users get errors whichever node they reach.",
        "lbctl auto-recover BACKEND")]
    PoolDown,

    [Diagnosis(Severity.Warning,
        "Some backends of the pool are unhealthy or out of rotation. Below the configured minimum it is critical.",
        "lbctl restore-backend BACKEND")]
    PoolDegraded,

    [Diagnosis(Severity.Critical,
        "Backends went down one after the other while the load of those that are left grew: each failure makes the next one likelier. "
            + "Bring one back or add capacity before the next one goes; restarting those that are left only hurries it on.",
        "lbctl auto-recover BACKEND")]
    CascadingFailure,

    [Diagnosis(Severity.Warning,
        "A backend that should serve fails its health checks.",
        "lbctl auto-recover BACKEND")]
    BackendDown,

    [Diagnosis(Severity.Warning,
        "CPU, memory, disk or the connection limit of a load balancer is past its threshold.",
        "ssh NODE top -b -n 1")]
    NodeOverloaded,

    [Diagnosis(Severity.Warning,
        "A file system of a load balancer has no free byte left: what writes a file there fails (logs, an edit of a configuration, a "
            + "state file), what happens in the kernel or in a running proxy does not. Make room before the next change that needs a file.",
        "ssh NODE df -h")]
    DiskFull,

    [Diagnosis(Severity.Warning,
        "The proxy of a standby node is not ready: nobody notices today, but a failover to it would not work.",
        "ssh NODE systemctl start SERVICE")]
    ProxyStandby,

    [Diagnosis(Severity.Warning,
        "keepalived is configured on the node but does not run: nobody notices today, but it will not take over.",
        "ssh NODE systemctl start keepalived")]
    VrrpDown,

    [Diagnosis(Severity.Warning,
        "The keepalived configurations of the nodes do not fit together: an address, a router id or a priority.",
        "ssh NODE cat /etc/keepalived/keepalived.conf")]
    VrrpMismatch,

    [Diagnosis(Severity.Warning,
        "A node carries an address of a service that the configuration does not name: it is not checked, a failover leaves it where it is, "
            + "and behind a stopped proxy nobody serves it. Name it under vips:.",
        "ssh NODE ip -br addr show")]
    VipUndeclared,

    [Diagnosis(Severity.Ok,
        "The login prints something before every command, also where nobody sits at a terminal. lbctl leaves it out; scp, rsync and "
            + "scripts trip over it. Put it behind a test for a terminal in the login's start files.",
        "ssh NODE true")]
    LoginTalks,

    [Diagnosis(Severity.Ok,
        "Another manager of addresses (pacemaker, vip-manager, ucarp, a network file...) has a virtual IP, or may have it: it puts back "
            + "what is moved by hand. lbctl refuses to; the manager's own command moves it.",
        "ssh NODE crm resource move RESOURCE TO")]
    VipOtherOwner,

    [Diagnosis(Severity.Warning,
        "keepalived runs on a node, and not all of its configuration could be read: which addresses it owns is not known, and nothing is "
            + "moved there that it may own.",
        "ssh NODE cat /etc/keepalived/keepalived.conf")]
    VrrpUnknown,

    [Diagnosis(Severity.Warning,
        "sudo asks for a password or forbids the command, so root's view of the node is missing and a failover could not change it.",
        "ssh NODE sudo -n -l")]
    SudoRefused,

    [Diagnosis(Severity.Warning,
        "A backend answers from one place but not from another: a firewall, a route or a cable between the "
            + "two, not the backend itself.",
        "ssh NODE curl -sv URL")]
    BackendUnreachableFromNode,

    [Diagnosis(Severity.Warning,
        "The nodes disagree whether a backend may get traffic. After a failover its users would see something else than now.",
        "lbctl assess --output json")]
    BackendDisagreement,

    [Diagnosis(Severity.Warning,
        "The proxies, or a proxy and the configuration, have one name for two machines. What is done to a backend by its name would be "
            + "done to one machine here and to another there, so it is refused; by address it is not. Make the names the same.",
        "lbctl assess --output json")]
    BackendNamesDiffer,

    [Diagnosis(Severity.Warning,
        "A backend still passes its checks, but over many looks it gets slower or fails more requests: a leak, a full disk, a dying "
            + "database behind it. Most end as a failure. Look at it now; taking it out in time (drain) or restarting it "
            + "(auto-recover) costs nobody anything.",
        "ssh BACKEND uptime")]
    GradualDegradation,

    [Diagnosis(Severity.Warning,
        "A backend passes its health check, but slower than the limit.",
        "ssh BACKEND uptime")]
    BackendSlow,

    [Diagnosis(Severity.Critical,
        "Clients came back to their backend in earlier looks, and for several looks they have not: users lose their sessions and log "
            + "in again and again. Look for a reload, a changed configuration or a flapping backend at the time that is named; a "
            + "session store that all backends share makes it harmless.",
        "lbctl assess --explain AffinityBroken")]
    AffinityBreakdown,

    [Diagnosis(Severity.Warning,
        "The pool is configured under affinity: to keep a client with its backend. A measurement with a few requests came to another "
            + "backend although the client's own is up, or the other node would send it elsewhere after a failover. Sessions that "
            + "live in one backend are lost.",
        "ssh NODE grep -nE 'cookie|stick|balance|hash' FILE")]
    AffinityBroken,

    [Diagnosis(Severity.Warning,
        "The proxy keeps clients with their backend, and its configuration gives them no other one when that dies: no option "
            + "redispatch, option persist, proxy_next_upstream off, or a pool of one server. A note where it lasts only until a "
            + "health check has noticed.",
        "ssh NODE grep -nE 'redispatch|persist' FILE")]
    AffinityWithoutBackup,

    [Diagnosis(Severity.Warning,
        "The proxy configurations of the nodes differ in more than the nodes' own names and addresses: a failover changes behaviour.",
        "diff <(ssh NODE cat FILE) <(ssh NODE cat FILE)")]
    ConfigDrift,

    [Diagnosis(Severity.Warning,
        "A certificate that the proxy serves ends soon. Once it has ended, clients refuse to connect, and that is critical.",
        "ssh NODE openssl x509 -noout -dates -in FILE")]
    CertificateExpiring,

    [Diagnosis(Severity.Unknown,
        "Some looks did not come back within the budget. What is said about the rest is complete; what is "
            + "missing is unknown, not well.",
        "lbctl assess --budget 30s")]
    ObservationIncomplete,

    [Diagnosis(Severity.Ok,
        "The virtual IP is served by a node of lower priority although a better one is ready. Nothing is broken: "
            + "move it back when it suits.",
        "lbctl failover NODE PREFERRED")]
    VipOnWrongNode,

    [Diagnosis(Severity.Ok,
        "A failover has lowered the VRRP priority of the node, so that it does not take the virtual IP back by itself. Moving it "
            + "back restores the priority.",
        "lbctl failover HOLDER NODE")]
    VrrpLowered,

    [Diagnosis(Severity.Warning,
        "Rules or a silent address of a hand-over are on a node, and no timer will take them away. They do no harm to new "
            + "connections; the command ends them.",
        "lbctl failover FROM TO")]
    HandOverLeftover,

    [Diagnosis(Severity.Warning,
        "Before a reload nginx asks its clients to open their next connection anew, because a file is there. It is taken away a "
            + "second later; here the reload was cut off, and every request costs a new connection until the file is gone.",
        "ssh NODE rm -f FILE")]
    ClientsSentAway,

    [Diagnosis(Severity.Ok,
        "After a reload, workers of the earlier configuration still serve their last connections: session counts of the new one "
            + "are too low until they end.",
        "lbctl assess --watch")]
    OldWorkers,

    [Diagnosis(Severity.Ok,
        "Somebody took the backend out of rotation (drain or maintenance). HAProxy forgets this on a reload unless "
            + "its state file is written.",
        "lbctl restore-backend BACKEND")]
    BackendIsolated,

    [Diagnosis(Severity.Ok,
        "A backend gets far more or fewer sessions than its weight says: a recent restart, sticky clients, or a slow neighbour.",
        "lbctl assess --watch")]
    UnevenTraffic,

    [Diagnosis(Severity.Ok,
        "Alert targets are configured, and this version of lbctl reads and checks them but sends nothing. Until one does, let the "
            + "monitoring system that you have call lbctl and raise the alarm.",
        "lbctl assess --output nagios")]
    AlertsNotSent,
}
