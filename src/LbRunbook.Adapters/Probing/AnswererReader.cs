using System.Text;

namespace LbRunbook.Adapters.Probing;

/// <summary>Who answered: a response header, or the first line of the body.</summary>
internal sealed class AnswererReader(string header, bool fromBody)
{
    private const string FallbackHeader = "X-Backend-Server";
    private const int Longest = 64;
    private readonly byte[] _firstLine = new byte[Longest];
    private int _length;
    private bool _lineEnded;
    private string? _fromHeader;
    private bool _isFallback;
    private string? _last;

    public string? Name => fromBody ? Text(_firstLine.AsSpan(0, _length)) : _fromHeader;

    public void Reset() => (_length, _lineEnded, _fromHeader, _isFallback) = (0, false, null, false);

    public void OnHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Ascii.EqualsIgnoreCase(name, header) && (_fromHeader is null || _isFallback))
            (_fromHeader, _isFallback) = (Text(value), false);
        else if (Ascii.EqualsIgnoreCase(name, FallbackHeader) && _fromHeader is null)
            (_fromHeader, _isFallback) = (Text(value), true);
    }

    public void OnBody(ReadOnlySpan<byte> data)
    {
        if (!fromBody || _lineEnded)
            return;
        var end = data.IndexOf((byte)'\n');
        var part = end < 0 ? data : data[..end];
        var room = Math.Min(part.Length, _firstLine.Length - _length);
        part[..room].CopyTo(_firstLine.AsSpan(_length));
        _length += room;
        _lineEnded = end >= 0;
    }

    /// <summary>The same name comes again and again: one string for all of them.</summary>
    private string? Text(ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t\r"u8);
        if (value.Length == 0)
            return null;
        if (value.Length > Longest)
            value = value[..Longest];
        if (_last is null || !Ascii.Equals(value, _last))
            _last = Printable(Encoding.UTF8.GetString(value));
        return _last;
    }

    /// <summary>It ends up on a terminal: no escape sequences from strangers.</summary>
    private static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;
}
