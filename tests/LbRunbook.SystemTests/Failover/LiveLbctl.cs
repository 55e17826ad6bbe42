using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>
/// lbctl while it runs: its JSON Lines as they come, and signals. It leads a session of its own, as a terminal's foreground job does,
/// so that its whole process group can be signalled.
/// </summary>
internal sealed class LiveLbctl : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task<string> _error;

    public LiveLbctl(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        // setsid execs in place when it does not lead a group already, which a child never does: the id is lbctl's.
        var start = new ProcessStartInfo("setsid", [Lbctl.Binary, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _error = _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public int Id => _process.Id;

    /// <returns>Null at the end.</returns>
    public async Task<JsonObject?> ReadAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        if (line is null)
            return null;
        _output.AppendLine(line);
        return JsonNode.Parse(line)!.AsObject();
    }

    /// <summary>Reads on until a line of this kind (and step) has come.</summary>
    public async Task<JsonObject> ReadUntilAsync(string type, int? index = null)
    {
        while (await ReadAsync() is { } line)
        {
            if (RunReport.TypeOf(line) == type && (index is null || (int?)line["index"] == index))
                return line;
        }
        throw new InvalidDataException($"lbctl ended before '{type}' {index}:\n{_output}\n{await _error}");
    }

    public void Send(int signal)
    {
        // What stops must have stopped before a test looks at what it has done.
        if (signal == Signal.Stop)
            StoppedProcess.Stop(Id);
        else
            Signal.Send(Id, signal);
    }

    /// <summary>As Ctrl-C at a terminal does.</summary>
    public void SendToGroup(int signal) => Signal.Send(-Id, signal);

    /// <summary>Reads the rest. Killed = 137.</summary>
    public async Task<RunReport> EndAsync()
    {
        _output.Append(await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return RunReport.Of(_process.ExitCode, _output.ToString(), await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Send(Signal.Continue);
            Send(Signal.Kill);
        }
        _process.Dispose();
    }
}
