using LbRunbook.Adapters.Processes;
using Xunit;

namespace LbRunbook.SystemTests;

/// <summary>The built binary, as an operator would type it: <c>LBCTL_BIN</c>, else the Debug build beside the tests.</summary>
internal static class Lbctl
{
    public static string Binary { get; } = Environment.GetEnvironmentVariable("LBCTL_BIN") is { Length: > 0 } given
        ? given
        : Path.Combine(AppContext.BaseDirectory, "lbctl");

    public static Task<ProcessResult> RunAsync(params IReadOnlyList<string> arguments) =>
        ChildProcess.RunAsync(new ProcessSpec(Binary, arguments)
        {
            Timeout = TimeSpan.FromMinutes(2),
            // A test must not depend on what the developer has configured.
            Environment = new Dictionary<string, string?> { ["LBCTL_CONFIG"] = null, ["LBCTL_CLUSTER"] = null, ["NO_COLOR"] = "1" },
        }, TestContext.Current.CancellationToken);

    /// <summary>For what must work: the whole output is in the failure.</summary>
    public static async Task<string> ExpectAsync(int exitCode, params IReadOnlyList<string> arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == exitCode,
            $"lbctl {string.Join(' ', arguments)}: exit {result.ExitCode}, expected {exitCode}\n{result.Output}\n{result.Error}");
        return result.Output;
    }
}
