using System.Diagnostics;
using System.Text;

namespace LbRunbook.Adapters.Processes;

/// <summary>What to run. Arguments are a list: nothing here ever goes through a shell.</summary>
internal sealed record ProcessSpec(string FileName, IReadOnlyList<string> Arguments)
{
    public string? StandardInput { get; init; }

    /// <summary>
    /// Instead of <see cref="StandardInput"/>: writes it as it comes. The child reads end of file when it returns; it is cancelled when the
    /// child ends first.
    /// </summary>
    public Func<Stream, CancellationToken, Task>? WriteInput { get; init; }
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Per stream, in characters; what comes after it is read and dropped.</summary>
    public int OutputLimit { get; init; } = 4 * 1024 * 1024;
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();
    public string? WorkingDirectory { get; init; }

    /// <summary>It ends and leaves a child in the background that may keep its pipes open for good (<c>ssh -f</c>).</summary>
    public bool Detaches { get; init; }
}

/// <param name="ExitCode">-1 when it timed out.</param>
internal sealed record ProcessResult(int ExitCode, string Output, string Error, bool TimedOut, bool Truncated, TimeSpan Took)
{
    public bool Ok => ExitCode == 0 && !TimedOut;
}

/// <summary>The caller gave up; what the child had said until then is needed to clean up after it.</summary>
internal sealed class ProcessCanceledException(ProcessResult partial, CancellationToken cancellation)
    : OperationCanceledException("The operation was canceled.", cancellation)
{
    public ProcessResult Partial { get; } = partial;
}

/// <summary>Runs a program to its end, with a limit on time and output; a cancelled or late one gets TERM, then KILL.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan Escalation = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// For what an ended child has left in its pipes. Short only where they stay open: a machine too busy to read them would seem to have
    /// got no answer.
    /// </summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    /// <exception cref="OperationCanceledException">The caller gave up; the child is gone by then.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">The program does not exist or cannot be run.</exception>
    public static async Task<ProcessResult> RunAsync(ProcessSpec spec, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(spec.FileName)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = spec.WorkingDirectory ?? "",
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
            StandardInputEncoding = new UTF8Encoding(false),
        };
        foreach (var argument in spec.Arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in spec.Environment)
            start.Environment[name] = value;

        var clock = Stopwatch.StartNew();
        using var process = OwnSession.Start(start) ?? throw new InvalidOperationException($"{spec.FileName} did not start");
        using var timeout = new CancellationTokenSource(spec.Timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        var output = new BoundedText(spec.OutputLimit);
        var error = new BoundedText(spec.OutputLimit);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(either.Token);
        var readers = Task.WhenAll(output.ReadAsync(process.StandardOutput), error.ReadAsync(process.StandardError));
        try
        {
            var writer = WriteInputAsync(process, spec, ended.Token);
            await process.WaitForExitAsync(either.Token);
            await ended.CancelAsync();
            await writer;
            // A grandchild that keeps the pipe must not keep us.
            await Task.WhenAny(readers, Task.Delay(spec.Detaches ? Escalation : LastWords, either.Token));
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process);
            await Task.WhenAny(readers, Task.Delay(Escalation, CancellationToken.None));
            var partial = new ProcessResult(-1, output.Text, error.Text, TimedOut: true, output.Truncated || error.Truncated,
                clock.Elapsed);
            return cancellation.IsCancellationRequested ? throw new ProcessCanceledException(partial, cancellation) : partial;
        }
        return new(process.ExitCode, output.Text, error.Text, TimedOut: false, output.Truncated || error.Truncated, clock.Elapsed);
    }

    private static async Task WriteInputAsync(Process process, ProcessSpec spec, CancellationToken ended)
    {
        try
        {
            if (spec.WriteInput is { } write)
                await write(process.StandardInput.BaseStream, ended);
            else if (spec.StandardInput is { } input)
                await process.StandardInput.WriteAsync(input.AsMemory(), ended);
            process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The child left without reading its input: its exit code and stderr tell more than this.
        }
    }

    /// <summary>TERM lets ssh take its remote side down; KILL is for what does not listen.</summary>
    private static async Task EndAsync(Process process)
    {
        if (!OperatingSystem.IsWindows() && Signal.Send(process.Id, Signal.Terminate))
        {
            using var grace = new CancellationTokenSource(Escalation);
            try
            {
                await process.WaitForExitAsync(grace.Token);
                return;
            }
            catch (OperationCanceledException)
            {
                // It does not listen.
            }
        }
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // Gone already.
        }
    }
}
