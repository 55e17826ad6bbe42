using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>Bits of srv_admin_state.</summary>
[Flags]
internal enum AdminMask
{
    None = 0,
    ForcedMaint = 0x01,
    InheritedMaint = 0x02,

    /// <summary>
    /// The file says <c>disabled</c>. It comes with <see cref="ForcedMaint"/> and stays when that is lifted: on its own it disables
    /// nothing.
    /// </summary>
    ConfiguredMaint = 0x04,
    ForcedDrain = 0x08,
    InheritedDrain = 0x10,

    /// <summary>It has no address, for its name does not resolve: nobody took it out, and nobody can bring it back but DNS.</summary>
    ResolutionMaint = 0x20,
    Maint = ForcedMaint | InheritedMaint,
    Drain = ForcedDrain | InheritedDrain,
}

/// <summary>
/// The printed status taken apart. It hides half of the truth (a drained server that is dead prints DOWN), so the mask
/// decides the administrative half where it is known.
/// </summary>
internal static class ServerStatus
{
    private const string Unresolved = "MAINT (resolution)";

    public static AdminState Admin(string status, int? mask)
    {
        if (mask is { } bits)
        {
            return ((AdminMask)bits & AdminMask.Maint) != AdminMask.None ? AdminState.Maint
                : ((AdminMask)bits & AdminMask.Drain) != AdminMask.None ? AdminState.Drain
                : AdminState.Ready;
        }
        return Word(status) switch
        {
            "MAINT" when status != Unresolved => AdminState.Maint,
            "DRAIN" => AdminState.Drain,
            _ => AdminState.Ready,
        };
    }

    /// <summary>Nobody has filled the slot, or its name does not resolve.</summary>
    public static bool HasNoAddress(string status, int? mask, string? address) =>
        status == Unresolved
        || (mask is { } bits && ((AdminMask)bits & AdminMask.ResolutionMaint) != AdminMask.None)
        || IsPlaceholder(address);

    /// <summary>What configurations write where an address is to be set later.</summary>
    public static bool IsPlaceholder(string? address) =>
        address?.StartsWith("0.0.0.0:", StringComparison.Ordinal) == true || address?.StartsWith("[::]:", StringComparison.Ordinal) == true;

    /// <param name="status">For example "UP", "UP 1/3", "DOWN (agent)", "MAINT (via web/web1)", "no check".</param>
    /// <param name="isChecked">Something checks it: itself or the server it tracks.</param>
    public static ServerHealth Health(string status, bool isChecked)
    {
        var counting = status.Contains('/') && !status.Contains('(');
        return Word(status) switch
        {
            "UP" => counting ? ServerHealth.GoingDown : ServerHealth.Up,
            "DOWN" => counting ? ServerHealth.GoingUp : ServerHealth.Down,
            // Up, but it asked for no new connections (404 with disable-on-404, agent "stopping").
            "NOLB" => ServerHealth.Stopping,
            "DRAIN" when !isChecked => ServerHealth.NoCheck,
            "DRAIN" => counting ? ServerHealth.GoingDown : ServerHealth.Up,
            "no" when status == "no check" => ServerHealth.NoCheck,
            // MAINT: checks do not run, so nothing is known.
            _ => ServerHealth.Unknown,
        };
    }

    private static string Word(string status) => status.Split(' ', 2)[0];
}
