namespace LbRunbook.SystemTests.Faults;

/// <summary>One row of the table: what is wrong when an operator types <c>lbctl failover lb1 lb2</c>, and since when.</summary>
internal sealed record FaultScenario(string Row)
{
    /// <summary>As <c>lbctl lab break</c> takes it.</summary>
    public IReadOnlyList<(string Fault, string Host)> Faults { get; init; } = [];

    /// <summary>Null = before it was typed; else lbctl is held once it has come so far, and goes on with the fault there.</summary>
    public Reached? Midway { get; init; }

    /// <summary>The login of the recommended sudo rules, not root.</summary>
    public bool Ops { get; init; }

    /// <summary>The operator's clock, in libfaketime's words, from the fault on.</summary>
    public string? Clock { get; init; }

    /// <summary>The operator's journal cannot be written.</summary>
    public bool JournalFull { get; init; }

    /// <summary>The fault itself stops the service; else not one request may fail, whatever lbctl does.</summary>
    public bool StopsService { get; init; }

    /// <summary>
    /// The old holder cannot be told to let go, or lbctl was cut off between two steps: an address may be configured on both nodes.
    /// Everywhere else that breaks the first promise there is.
    /// </summary>
    public bool MayHaveTwoHolders { get; init; }

    public override string ToString() => Row;
}

/// <summary>A moment of a run, by what the nodes' kernels say.</summary>
internal sealed record Reached(string Uses, string Holders)
{
    /// <summary>lb2 has the first address, lb1 has it still.</summary>
    public static Reached BothHold { get; } = new("vip.add", "v4 on lb1+lb2, v6 on lb1");

    /// <summary>The first address has moved, the second has not.</summary>
    public static Reached HalfMoved { get; } = new("vip.remove", "v4 on lb2, v6 on lb1");
}
