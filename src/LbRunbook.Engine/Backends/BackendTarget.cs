using LbRunbook.Core.Model;

namespace LbRunbook.Engine.Backends;

/// <summary>One server of one pool.</summary>
internal sealed record BackendTarget(Pool Pool, Backend Backend);
