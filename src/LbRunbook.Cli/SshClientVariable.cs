using LbRunbook.Core.Config;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli;

/// <summary><c>LBCTL_SSH</c>: the ssh client for every host, whatever the configuration says of it.</summary>
internal static class SshClientVariable
{
    public const string Name = "LBCTL_SSH";

    /// <returns>null when it is not set.</returns>
    /// <exception cref="OperatorException">It is set to what it cannot be.</exception>
    public static SshClientKind? Of(CliContext context)
    {
        if (context.Variable(Name) is not { Length: > 0 } text)
            return null;
        return SshRules.Client(text, out var client) is { } wrong
            ? throw new OperatorException(ExitCode.Usage, $"{Name}={text}: {wrong}")
            : client;
    }
}
