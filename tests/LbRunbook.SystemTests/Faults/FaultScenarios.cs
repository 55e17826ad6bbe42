namespace LbRunbook.SystemTests.Faults;

internal static class FaultScenarios
{
    public static IReadOnlyList<FaultScenario> All { get; } =
    [
        new("nothing (for comparison)"),
        new("SSH alone is cut on FROM") { Faults = [("ssh-cut", "lb1")] },
        new("SSH alone is cut on TO") { Faults = [("ssh-cut", "lb2")] },
        new("SSH is cut on FROM, an address half moved")
        {
            Faults = [("ssh-cut", "lb1")],
            Midway = Reached.BothHold,
            MayHaveTwoHolders = true,
        },
        new("SSH is cut on TO, one address of two moved") { Faults = [("ssh-cut", "lb2")], Midway = Reached.HalfMoved },
        new("FROM hears nothing, and can send") { Faults = [("in-cut", "lb1")], StopsService = true, MayHaveTwoHolders = true },
        new("FROM hears, and cannot send") { Faults = [("out-cut", "lb1")], StopsService = true, MayHaveTwoHolders = true },
        new("TO hears nothing, and can send") { Faults = [("in-cut", "lb2")] },
        new("TO hears, and cannot send") { Faults = [("out-cut", "lb2")] },
        new("lbctl's own link is cut") { Faults = [("operator-cut", "operator")] },
        new("lbctl's own link is cut, an address half moved")
        {
            Faults = [("operator-cut", "operator")],
            Midway = Reached.BothHold,
            MayHaveTwoHolders = true,
        },
        new("lbctl's own link is cut, one address of two moved") { Faults = [("operator-cut", "operator")], Midway = Reached.HalfMoved },
        new("sshd is frozen on FROM") { Faults = [("sshd-freeze", "lb1")] },
        new("sshd is frozen on TO") { Faults = [("sshd-freeze", "lb2")] },
        new("sshd freezes on FROM, an address half moved")
        {
            Faults = [("sshd-freeze", "lb1")],
            Midway = Reached.BothHold,
            MayHaveTwoHolders = true,
        },
        new("sudo is refused on FROM") { Faults = [("sudo-revoke", "lb1")], Ops = true },
        new("sudo is refused on TO") { Faults = [("sudo-revoke", "lb2")], Ops = true },
        new("sudo is revoked on FROM, an address half moved")
        {
            Faults = [("sudo-revoke", "lb1")],
            Ops = true,
            Midway = Reached.BothHold,
            MayHaveTwoHolders = true,
        },
        new("sudo is revoked on TO, one address of two moved")
        {
            Faults = [("sudo-revoke", "lb2")],
            Ops = true,
            Midway = Reached.HalfMoved,
        },
        new("`/` is full on FROM") { Faults = [("disk-full", "lb1")] },
        new("`/` is full on TO") { Faults = [("disk-full", "lb2")] },
        new("`/` fills up on both, one address of two moved")
        {
            Faults = [("disk-full", "lb1"), ("disk-full", "lb2")],
            Midway = Reached.HalfMoved,
        },
        new("lbctl's clock steps an hour ahead, one address of two moved") { Clock = "+1h", Midway = Reached.HalfMoved },
        new("lbctl's clock steps an hour back, one address of two moved") { Clock = "-1h", Midway = Reached.HalfMoved },
        new("FROM's clock is an hour ahead") { Faults = [("clock-step", "lb1")] },
        new("TO's clock is an hour ahead") { Faults = [("clock-step", "lb2")] },
        new("the journal's disk is full") { JournalFull = true },
        new("the proxy is frozen on FROM") { Faults = [("proxy-freeze", "lb1")], StopsService = true },
        new("the proxy is frozen on TO") { Faults = [("proxy-freeze", "lb2")] },
    ];
}
