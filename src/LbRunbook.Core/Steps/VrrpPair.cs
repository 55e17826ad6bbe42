using System.Text.Json.Serialization;

namespace LbRunbook.Core.Steps;

/// <summary>
/// One virtual IP with the instance that carries it on either node. All values are the original ones, as written by whoever runs the
/// cluster.
/// </summary>
public sealed record VrrpPair(string Vip, VrrpSide From, VrrpSide To)
{
    public VrrpPair Swap() => new(Vip, To, From);

    /// <summary>Given its own priority again, the old master would take the address back.</summary>
    [JsonIgnore]
    public bool WouldComeBack => From.Usual > To.Usual && !From.NoPreempt;

    /// <summary>What the old master is lowered to: still the next one when the new master dies.</summary>
    [JsonIgnore]
    public int Lowered => From.OtherTracking ? 1 : Math.Max(1, To.Usual - From.Shift - 1);

    [JsonIgnore]
    public bool MustLower => From.Usual >= To.Usual;

    /// <summary>
    /// 1 is the least that a priority can be lowered to, and tracked files that lbctl does not write may raise it from there: then only
    /// stopping its keepalived moves the address.
    /// </summary>
    [JsonIgnore]
    public bool CanBeLowered => !MustLower || To.Usual - From.Shift > 1;
}

/// <param name="Instance">Name of the vrrp_instance.</param>
/// <param name="NoPreempt">As a backup it leaves a lower master alone.</param>
/// <param name="HoldsBack">It does, or waits a while first: both must be out of force while it shall take over.</param>
/// <param name="OtherTracking">Scripts and the like change its priority by what lbctl does not know.</param>
/// <param name="TrackFile">A file that lowers its priority without touching the configuration; null = none.</param>
/// <param name="TrackWeight">What that file's number is multiplied with.</param>
/// <param name="Shift">What other tracked files, which lbctl does not write, make of it.</param>
public sealed record VrrpSide(
    string Instance, int Priority, bool NoPreempt, bool HoldsBack, bool OtherTracking = false, string? TrackFile = null,
    int TrackWeight = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Shift = 0)
{
    /// <summary>What counts in an election when nobody has lowered it.</summary>
    [JsonIgnore]
    public int Usual => Priority + Shift;

    /// <summary>The number that lowers it by at least so much.</summary>
    public int TrackValue(int by) => (int)Math.Ceiling((double)by / Math.Abs(TrackWeight)) * (TrackWeight > 0 ? -1 : 1);
}
