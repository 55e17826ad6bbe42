using LbRunbook.Core.Model;

namespace LbRunbook.Engine.Backends;

/// <summary>One server of one pool.</summary>
/// <param name="ByAddress">It was asked for by its address: then no name can mean another machine.</param>
internal sealed record BackendTarget(Pool Pool, Backend Backend, bool ByAddress = false)
{
    public string Words => $"{Backend.Name} ({Backend.Host}:{Backend.Port})";
}
