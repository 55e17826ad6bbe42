using LbRunbook.Cli.Output.Writing;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;

namespace LbRunbook.Cli.Output;

/// <summary>
/// The one line at the bottom of a terminal that moves: spinner, elapsed of budget, what it waits for. Redrawn by its own timer, so that
/// it also moves while nothing happens. Off a terminal it writes nothing; the finished lines tell the story there.
/// </summary>
internal sealed class LiveLine : IDisposable
{
    private const string Frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);
    private const int NarrowTerminal = 80;

    private readonly TextWriter _writer;
    private readonly TimeProvider _time;
    private readonly Func<int> _width;
    private readonly Lock _gate = new();
    private readonly ITimer? _timer;
    private string? _text;
    private TimeSpan _budget;
    private long _since;
    private int _frame;

    public LiveLine(TextWriter writer, TimeProvider time, bool isTerminal, Func<int>? width = null)
    {
        _writer = writer;
        _time = time;
        _width = width ?? (() => Screen.TerminalWidth(NarrowTerminal));
        if (isTerminal)
            _timer = time.CreateTimer(_ => Draw(), null, Frame, Frame);
    }

    public void Show(string text, TimeSpan budget)
    {
        lock (_gate)
        {
            if (_text is null)
                _since = _time.GetTimestamp();
            _text = text;
            _budget = budget;
        }
    }

    /// <summary>Takes the live line away and prints a lasting one in its place.</summary>
    public void Print(string line)
    {
        lock (_gate)
        {
            Erase();
            _text = null;
            _writer.WriteLine(line);
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            Erase();
            _text = null;
        }
    }

    private void Draw()
    {
        lock (_gate)
        {
            if (_text is null || _writer is SafeWriter { Behind: true })
                return;
            var elapsed = _time.GetElapsedTime(_since);
            var line = $"{Frames[_frame++ % Frames.Length]} {_text} ({elapsed.TotalSeconds:0.0} s of {Durations.Format(_budget)})";
            var width = Math.Max(20, _width() - 1);
            _writer.Write($"\r\e[2K{(line.Length > width ? string.Concat(line.AsSpan(0, width - 1), "…") : line)}");
            _writer.Flush();
        }
    }

    private void Erase()
    {
        if (_timer is not null && _text is not null)
            _writer.Write("\r\e[2K");
    }
}
