using System.Text;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Output.Writing;

/// <summary>
/// Whoever says something does not wait for who reads it: a terminal that is stopped (Ctrl-S), or whose jump host hangs, must not hold up a
/// run between two holders. One thread for both streams, so that on a terminal all stands in the order in which it was said.
/// </summary>
internal sealed class OutputPump
{
    /// <summary>Who does not read for so long does not read at all.</summary>
    private const int LongestQueue = 16 * 1024 * 1024;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    private readonly object _gate = new();
    private readonly Queue<(SafeWriter Writer, string Text)> _queue = new();
    private Thread? _thread;
    private int _queued;
    private bool _writing;

    public bool Behind
    {
        get
        {
            lock (_gate)
                return IsBehind;
        }
    }

    private bool IsBehind => _queue.Count > 0 || _writing;

    /// <returns>False when there is no room for it any more.</returns>
    public bool Post(SafeWriter writer, string text)
    {
        lock (_gate)
        {
            if (_queued > LongestQueue)
                return false;
            _queue.Enqueue((writer, text));
            _queued += text.Length;
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "output" };
                _thread.Start();
            }
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>Waits until all that was said so far is written, or lost.</summary>
    /// <param name="goOn">Asked now and then whether to wait on, with how long it has been.</param>
    public bool Drain(Func<TimeSpan, bool> goOn)
    {
        var started = TimeProvider.System.GetTimestamp();
        lock (_gate)
        {
            while (IsBehind)
            {
                if (!goOn(TimeProvider.System.GetElapsedTime(started)))
                    return false;
                Monitor.Wait(_gate, Slice);
            }
            return true;
        }
    }

    private void Run()
    {
        while (true)
        {
            var (writer, text) = Take();
            writer.Deliver(text);
            lock (_gate)
            {
                _writing = false;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>All that waits for one stream goes out at once.</summary>
    private (SafeWriter Writer, string Text) Take()
    {
        lock (_gate)
        {
            while (_queue.Count == 0)
                Monitor.Wait(_gate);
            var (writer, text) = _queue.Dequeue();
            if (_queue.TryPeek(out var next) && next.Writer == writer)
            {
                var all = new StringBuilder(text);
                while (_queue.TryPeek(out next) && next.Writer == writer)
                    all.Append(_queue.Dequeue().Text);
                text = all.ToString();
            }
            _queued -= text.Length;
            _writing = true;
            return (writer, text);
        }
    }
}
