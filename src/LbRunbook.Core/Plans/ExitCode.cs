namespace LbRunbook.Core.Plans;

/// <summary>Every exit code of the program. Status verbs use the Nagios four; all other verbs the rest.</summary>
internal static class ExitCode
{
    /// <summary>Done, or already so.</summary>
    public const int Done = 0;

    /// <summary>Failed, nothing changed.</summary>
    public const int Failed = 1;

    /// <summary>Only with <c>--dry-run --detailed-exitcode</c>: there is something to do.</summary>
    public const int ChangesPending = 2;

    /// <summary>Refused by a guard; nothing changed.</summary>
    public const int Refused = 3;

    /// <summary>Partly applied: a human is needed.</summary>
    public const int Partial = 4;

    /// <summary>Failed and rolled back.</summary>
    public const int RolledBack = 5;

    /// <summary>Somebody else works on this cluster.</summary>
    public const int Locked = 6;
    public const int Usage = 64;
    public const int Bug = 70;

    /// <summary>Configuration or runbook.</summary>
    public const int Configuration = 78;
    public const int Interrupted = 130;
    public const int Terminated = 143;

    public const int NagiosOk = 0;
    public const int NagiosWarning = 1;
    public const int NagiosCritical = 2;
    public const int NagiosUnknown = 3;
}
