namespace LbRunbook.Core.Plans;

/// <summary>An expected end with a message for whoever asked; anything else that escapes is a bug (70).</summary>
/// <param name="exitCode">One of <see cref="Plans.ExitCode"/>.</param>
/// <param name="message">What is wrong and why; may have several lines.</param>
/// <param name="next">The exact command to type next, starting with <c>lbctl</c>.</param>
public sealed class OperatorException(int exitCode, string message, string? next = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
    public string? Next { get; } = next;
}
