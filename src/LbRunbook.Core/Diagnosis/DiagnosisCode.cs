namespace LbRunbook.Core.Diagnosis;

/// <summary>
/// Named conditions. Nouns: detecting is separate from acting. Meaning, severity and next command: <see cref="DiagnosisTable"/>.
/// </summary>
public enum DiagnosisCode
{
    ObserverIsolated,
    RunUnfinished,
    NodeDown,
    NodeUnreachable,
    NodeOverloaded,
    ProxyDown,
    ProxyNotAnswering,
    ProxyStandby,
    OldWorkers,
    ClientsSentAway,
    HandOverLeftover,
    SudoRefused,
    VrrpSplitBrain,
    VrrpStuck,
    VrrpLeftover,
    VrrpDown,
    VrrpMismatch,
    VrrpLowered,
    VipUnbound,
    VipDuplicate,
    VipOnWrongNode,
    VipNotAnswering,
    PoolDegraded,
    PoolDown,
    BackendDown,
    CascadingFailure,
    BackendSlow,
    GradualDegradation,
    BackendUnreachableFromNode,
    BackendDisagreement,
    BackendIsolated,
    ConfigDrift,
    CertificateExpiring,
    AffinityBroken,
    AffinityBreakdown,
    AffinityWithoutBackup,
    UnevenTraffic,
    ObservationIncomplete,
}

/// <summary>The worst finding decides the exit code of a status verb. Ok marks a note: worth knowing, nothing is wrong.</summary>
public enum Severity { Ok, Warning, Critical, Unknown }

/// <param name="Subject">The node, VIP, pool or backend it is about.</param>
/// <param name="Message">One sentence with the measured value and the limit.</param>
/// <param name="Next">The command to type: <c>lbctl …</c> where a verb cures it, else plain <c>ssh …</c>; null = none.</param>
public sealed record Finding(DiagnosisCode Code, Severity Severity, string Subject, string Message, string? Next);
