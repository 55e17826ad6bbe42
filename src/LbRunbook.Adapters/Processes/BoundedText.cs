using System.Text;

namespace LbRunbook.Adapters.Processes;

/// <summary>
/// Reads a stream to its end but keeps only the first part: a chatty command can neither fill memory nor block on a full pipe.
/// </summary>
internal sealed class BoundedText(int limit)
{
    private readonly StringBuilder _text = new();
    private readonly Lock _gate = new();

    public bool Truncated { get; private set; }

    public string Text
    {
        get
        {
            lock (_gate)
                return _text.ToString();
        }
    }

    public async Task ReadAsync(StreamReader reader)
    {
        var buffer = new char[8192];
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0)
            Append(buffer.AsSpan(0, count));
    }

    public void Append(ReadOnlySpan<char> more)
    {
        lock (_gate)
        {
            var room = Math.Min(more.Length, limit - _text.Length);
            _text.Append(more[..room]);
            Truncated |= room < more.Length;
        }
    }
}
