using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Output.Writing;

/// <summary>Answers, opened when the first is wanted. A terminal that has gone (EIO) or a closed descriptor is the end of a file.</summary>
internal sealed class SafeReader(Func<TextReader> open) : TextReader
{
    private readonly Lazy<TextReader> _reader = new(open);

    public override int Peek() => Quiet(r => r.Peek(), -1);
    public override int Read() => Quiet(r => r.Read(), -1);
    public override string? ReadLine() => Quiet(r => r.ReadLine(), null);

    private T Quiet<T>(Func<TextReader, T> read, T end)
    {
        try
        {
            return read(_reader.Value);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return end;
        }
    }
}
