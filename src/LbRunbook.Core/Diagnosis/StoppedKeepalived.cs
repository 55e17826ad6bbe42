namespace LbRunbook.Core.Diagnosis;

/// <summary>A keepalived that a run here stopped because it and another were master at once: they do not hear each other.</summary>
/// <param name="RunId">The run that stopped it.</param>
public sealed record StoppedKeepalived(string Node, string RunId);
