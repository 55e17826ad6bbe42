namespace LbRunbook.Cli;

/// <summary>An expected end with a message for the operator; anything else that escapes is a bug (70).</summary>
/// <param name="exitCode">One of <see cref="Output.ExitCode"/>.</param>
/// <param name="message">What is wrong and why; may have several lines.</param>
/// <param name="next">The exact command to type next, starting with <c>lbctl</c>.</param>
internal sealed class CliException(int exitCode, string message, string? next = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
    public string? Next { get; } = next;
}
