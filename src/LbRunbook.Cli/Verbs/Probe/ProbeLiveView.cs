using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Probing;
using LbRunbook.Core.Text;

namespace LbRunbook.Cli.Verbs.Probe;

/// <summary>
/// The measurement so far on stderr: one line that is redrawn on a terminal, else one line a second and only when asked for.
/// </summary>
internal sealed class ProbeLiveView(Streams streams, bool verbose, int width) : IDisposable
{
    private readonly Lock _gate = new();
    private TimeSpan _next = TimeSpan.FromSeconds(1);
    private bool _drawn;
    private bool _over;

    public bool Wanted => streams.ErrorIsTerminal || verbose;

    public void Show(ProbeProgress progress)
    {
        lock (_gate)
        {
            if (_over)
                return;
            if (streams.ErrorIsTerminal)
                Redraw(Line(progress));
            else if (verbose && progress.Elapsed >= _next)
            {
                _next = TimeSpan.FromSeconds(Math.Floor(progress.Elapsed.TotalSeconds) + 1);
                streams.Error.WriteLine(Line(progress));
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _over = true;
            if (!_drawn)
                return;
            streams.Error.Write("\r\e[2K");
            streams.Error.Flush();
        }
    }

    internal static string Line(ProbeProgress p) =>
        $"{p.Elapsed.TotalSeconds:0.0} s{(p.Total is { } total ? $" of {Durations.Format(total)}" : "")}: "
            + $"{ProbeText.Count(p.Requests, "request")}, {p.Failures} failed, p95 "
            + $"{ProbeText.Ms(p.P95.TotalMilliseconds)}{(p.Who is null ? "" : $", {p.Who} answers")}";

    private void Redraw(string line)
    {
        _drawn = true;
        streams.Error.Write($"\r\e[2K{(line.Length < width ? line : string.Concat(line.AsSpan(0, width - 2), "…"))}");
        streams.Error.Flush();
    }
}
