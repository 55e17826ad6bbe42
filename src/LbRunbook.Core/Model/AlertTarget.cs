namespace LbRunbook.Core.Model;

/// <summary>Where events go. Secrets come from a file, the environment or a command, never from the configuration itself.</summary>
public sealed record AlertTarget
{
    public required string Name { get; init; }
    public required AlertKind Kind { get; init; }
    public AlertSeverity MinimumSeverity { get; init; } = AlertSeverity.Warning;
    public string? SecretFile { get; init; }
    public string? SecretEnvironment { get; init; }
    public IReadOnlyList<string>? SecretCommand { get; init; }
    public string? Channel { get; init; }
}

public enum AlertKind { Slack, PagerDuty }

public enum AlertSeverity { Info, Warning, Critical }
