namespace LbRunbook.Core.Probing;

/// <summary>The measurement so far, for a live line.</summary>
/// <param name="Total">Null = until stopped.</param>
internal sealed record ProbeProgress(TimeSpan Elapsed, TimeSpan? Total, long Requests, long Failures, string? Who, TimeSpan P95);
