using System.Text;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Output.Writing;

/// <summary>
/// A stream that never throws or blocks: what cannot be written is remembered, for the end. Every later text is tried again.
/// </summary>
internal sealed class SafeWriter(TextWriter target, OutputPump pump) : TextWriter
{
    private readonly Lock _gate = new();
    private Loss? _loss;

    public override Encoding Encoding => target.Encoding;

    /// <summary>Null = all was said that has been written so far.</summary>
    public Loss? Loss
    {
        get
        {
            lock (_gate)
                return _loss;
        }
    }

    /// <summary>The reader does not keep up: no use in drawing one more frame.</summary>
    public bool Behind => pump.Behind;

    public override void Write(char value) => Post(value.ToString());
    public override void Write(string? value) => Post(value);
    public override void Write(char[] buffer, int index, int count) => Post(new string(buffer, index, count));
    public override void Write(ReadOnlySpan<char> buffer) => Post(buffer.ToString());
    public override void WriteLine() => Post("\n");
    public override void WriteLine(string? value) => Post(value + "\n");
    public override Task WriteAsync(char value) => Done(() => Write(value));
    public override Task WriteAsync(string? value) => Done(() => Write(value));
    public override Task WriteAsync(char[] buffer, int index, int count) => Done(() => Write(buffer, index, count));
    public override Task WriteLineAsync() => Done(WriteLine);
    public override Task WriteLineAsync(string? value) => Done(() => WriteLine(value));

    /// <summary>Written as soon as it can be, whether one asks for it or not.</summary>
    public override void Flush()
    {
    }

    public override Task FlushAsync() => Task.CompletedTask;

    /// <summary>On the pump's thread.</summary>
    internal void Deliver(string text)
    {
        try
        {
            target.Write(text);
            target.Flush();
        }
        catch (Exception e)
        {
            Lose(e, text);
        }
    }

    private void Post(string? text)
    {
        if (!string.IsNullOrEmpty(text) && !pump.Post(this, text))
            Lose(new IOException("nobody reads it"), text);
    }

    private void Lose(Exception e, string text)
    {
        // A frame of something that moves is nothing to be told later.
        var lasting = text.StartsWith('\r') ? "" : text;
        lock (_gate)
            _loss = _loss?.And(lasting) ?? Loss.Of(e, lasting);
    }

    private static Task Done(Action write)
    {
        write();
        return Task.CompletedTask;
    }
}
