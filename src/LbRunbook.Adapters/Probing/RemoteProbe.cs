using System.Globalization;
using System.Text.Json;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Probing;

namespace LbRunbook.Adapters.Probing;

/// <summary>
/// Runs <c>lbctl probe</c> on another host: the one that is installed there if it is our version, else this very binary,
/// copied for the time of the measurement. The far side ends by itself after its <c>--for</c>, and at once when the connection ends.
/// </summary>
/// <param name="version">What <c>lbctl --version</c> prints here.</param>
/// <param name="binary">This program as one file; null when it does not run from one.</param>
internal sealed class RemoteProbe(IRemoteShell shell, string version, string? binary)
{
    private static readonly TimeSpan CopyAllowance = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopAllowance = TimeSpan.FromSeconds(5);
    private const int SizeDiffers = 97;
    private const int WrongMachine = 98;

    // One session for copy, run and removal: whatever happens to us, the shell there removes the file.
    // head reads just the program; what is left of the input stays open and stops the measurement when it ends.
    private const string CopyAndRun = """
        [ "$(uname -s)-$(uname -m)" = "$1" ] || { uname -sm >&2; exit 98; }
        f=$(mktemp "${TMPDIR:-/tmp}/lbctl-probe.XXXXXX") || exit 96
        trap 'rm -f "$f"' EXIT
        trap 'exit 143' HUP INT TERM
        head -c "$2" > "$f"
        [ "$(wc -c < "$f")" -eq "$2" ] || exit 97
        chmod 700 "$f"
        shift 2
        "$f" "$@"
        """;

    /// <param name="arguments">After <c>lbctl</c>; output as JSON, <c>--until-eof</c> and a bounded <c>--for</c> included.</param>
    /// <param name="bound">How long the far side measures at most.</param>
    /// <exception cref="AdapterException">Nothing could be measured from there.</exception>
    public async Task<ProbeReport> RunAsync(RemoteHost host, IReadOnlyList<string> arguments, TimeSpan bound, CancellationToken stop)
    {
        using var giveUp = new CancellationTokenSource();
        await using var onStop = stop.Register(() => giveUp.CancelAfter(StopAllowance));
        try
        {
            var installed = await shell.RunAsync(host, new("lbctl", "--version"), stop);
            var result = installed.Ok && installed.Output.Trim() == version
                ? await shell.RunAsync(host, Command(["lbctl", .. arguments], null, bound, stop), giveUp.Token)
                : await CopyAndRunAsync(host, arguments, bound, stop, giveUp.Token);
            return Read(host, result);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw Failed(host, "stopped before it had measured anything");
        }
    }

    private async Task<RemoteResult> CopyAndRunAsync(
        RemoteHost host, IReadOnlyList<string> arguments, TimeSpan bound, CancellationToken stop, CancellationToken giveUp)
    {
        if (binary is null)
            throw Failed(host, $"lbctl {version} is not installed there, and this lbctl is not the published single "
                + "file that could be copied");
        var size = new FileInfo(binary).Length.ToString(CultureInfo.InvariantCulture);
        var command = Command(["sh", "-c", CopyAndRun, "lbctl-probe", Machine, size, .. arguments], binary, bound + CopyAllowance, stop);
        var result = await shell.RunAsync(host, command, giveUp);
        return result.ExitCode switch
        {
            SizeDiffers => throw Failed(host, "the copy of lbctl arrived incomplete (is its /tmp full?)"),
            WrongMachine => throw Failed(host,
                $"it is another kind of machine ({result.LastLine}) than this one ({Machine}); install lbctl there"),
            _ => result,
        };
    }

    private static RemoteCommand Command(IReadOnlyList<string> words, string? copy, TimeSpan bound, CancellationToken stop) => new(words)
    {
        Name = "lbctl probe",
        Timeout = bound + StopAllowance,
        WriteInput = async (input, cancellation) =>
        {
            if (copy is not null)
            {
                await using var file = File.OpenRead(copy);
                await file.CopyToAsync(input, cancellation);
                await input.FlushAsync(cancellation);
            }
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stop);
            await Task.Delay(Timeout.Infinite, either.Token)
                .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        },
    };

    private static ProbeReport Read(RemoteHost host, RemoteResult result)
    {
        foreach (var line in result.Output.Split('\n'))
        {
            if (!line.StartsWith("{\"type\":\"probe\"", StringComparison.Ordinal))
                continue;
            try
            {
                if (JsonSerializer.Deserialize(line, ProbeJson.Default.ProbeReport) is { } report)
                    return report with { From = host.Name };
            }
            catch (JsonException)
            {
                // Reported below as what it is: no report.
            }
        }
        throw Failed(host, $"lbctl probe ended there with {result.ExitCode} and no report: {result.LastLine}");
    }

    private static string Machine => System.Runtime.InteropServices.RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.Arm64 => "Linux-aarch64",
        _ => "Linux-x86_64",
    };

    private static AdapterException Failed(RemoteHost host, string why) =>
        new(host.Name, "probe", $"no measurement from {host.Name}: {why}");
}
