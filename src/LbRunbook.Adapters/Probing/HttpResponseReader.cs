using System.Buffers.Text;
using System.Text;

namespace LbRunbook.Adapters.Probing;

/// <summary>
/// Reads one HTTP/1.x response from however many pieces it comes in: status, who answered, and where it ends
/// (Content-Length, chunked, or the end of the connection). Keeps nothing else. Reused.
/// </summary>
internal sealed class HttpResponseReader(string whoHeader, bool whoFromBody, bool headRequest)
{
    private readonly byte[] _line = new byte[1024];
    private readonly AnswererReader _answerer = new(whoHeader, whoFromBody);
    private State _state;
    private int _lineLength;
    private bool _chunked;
    private long? _contentLength;
    private long _left;

    private enum State { StatusLine, Headers, Body, ChunkSize, ChunkData, ChunkEnd, Trailers, UntilClose, Complete, Malformed }

    public int Status { get; private set; }

    /// <summary>The server leaves the connection open for another request.</summary>
    public bool Reusable { get; private set; }
    public bool Any { get; private set; }
    public bool Complete => _state == State.Complete;
    public bool Malformed => _state == State.Malformed;
    public string? Who => _answerer.Name;

    public void Reset()
    {
        Any = false;
        _lineLength = 0;
        BeginResponse();
    }

    /// <summary>The connection ended: that completes a response without a length, and no other.</summary>
    public void EndOfStream()
    {
        if (_state == State.UntilClose)
            _state = State.Complete;
    }

    public void Feed(ReadOnlySpan<byte> data)
    {
        Any |= data.Length > 0;
        while (data.Length > 0 && _state is not (State.Complete or State.Malformed))
            data = data[(_state is State.Body or State.ChunkData or State.UntilClose ? TakeBody(data) : TakeLine(data))..];
        if (data.Length > 0)
            Reusable = false; // more than was asked for: nobody knows what it belongs to
    }

    private void BeginResponse()
    {
        _state = State.StatusLine;
        Status = 0;
        Reusable = false;
        _chunked = false;
        _contentLength = null;
        _left = 0;
        _answerer.Reset();
    }

    private int TakeBody(ReadOnlySpan<byte> data)
    {
        var count = _state == State.UntilClose ? data.Length : (int)Math.Min(_left, data.Length);
        _answerer.OnBody(data[..count]);
        _left -= count;
        if (_left <= 0 && _state != State.UntilClose)
            _state = _state == State.ChunkData ? State.ChunkEnd : State.Complete;
        return count;
    }

    /// <summary>Lines longer than the buffer are cut: the few that matter are short, a cookie may be huge.</summary>
    private int TakeLine(ReadOnlySpan<byte> data)
    {
        var end = data.IndexOf((byte)'\n');
        var part = end < 0 ? data : data[..end];
        var room = Math.Min(part.Length, _line.Length - _lineLength);
        part[..room].CopyTo(_line.AsSpan(_lineLength));
        _lineLength += room;
        if (end < 0)
            return data.Length;
        var line = _line.AsSpan(0, _lineLength);
        _lineLength = 0;
        OnLine(line is [.., (byte)'\r'] ? line[..^1] : line);
        return end + 1;
    }

    private void OnLine(ReadOnlySpan<byte> line)
    {
        switch (_state)
        {
            case State.StatusLine:
                OnStatusLine(line);
                break;
            case State.Headers when line.Length > 0:
                OnHeader(line);
                break;
            case State.Headers:
                OnHeadersEnd();
                break;
            case State.ChunkSize:
                OnChunkSize(line);
                break;
            case State.ChunkEnd:
                _state = line.Length == 0 ? State.ChunkSize : State.Malformed;
                break;
            case State.Trailers when line.Length == 0:
                _state = State.Complete;
                break;
        }
    }

    private void OnStatusLine(ReadOnlySpan<byte> line)
    {
        if (line.Length >= 12 && line.StartsWith("HTTP/1."u8) && line[8] == ' '
            && Utf8Parser.TryParse(line[9..12], out int status, out var used) && used == 3)
        {
            Status = status;
            Reusable = line[7] == '1';
            _state = State.Headers;
            return;
        }
        _state = State.Malformed;
    }

    private void OnHeader(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            _state = State.Malformed;
            return;
        }
        var name = line[..colon];
        var value = line[(colon + 1)..].Trim(" \t"u8);
        if (Ascii.EqualsIgnoreCase(name, "Content-Length"))
            _contentLength = Utf8Parser.TryParse(value, out long length, out var used) && used == value.Length && length >= 0
                ? length
                : Fail();
        else if (Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"))
            _chunked |= Ascii.EqualsIgnoreCase(value[Math.Max(0, value.Length - 7)..], "chunked");
        else if (Ascii.EqualsIgnoreCase(name, "Connection"))
            Reusable &= !Ascii.EqualsIgnoreCase(value, "close");
        else
            _answerer.OnHeader(name, value);
    }

    private void OnHeadersEnd()
    {
        if (Status is >= 100 and < 200)
        {
            BeginResponse(); // an interim response: the real one follows
            return;
        }
        if (headRequest || Status is 204 or 304 || (!_chunked && _contentLength == 0))
            _state = State.Complete;
        else if (_chunked)
            _state = State.ChunkSize;
        else if (_contentLength is { } length)
            (_state, _left) = (State.Body, length);
        else
            (_state, Reusable) = (State.UntilClose, false);
    }

    private void OnChunkSize(ReadOnlySpan<byte> line)
    {
        var extension = line.IndexOf((byte)';');
        var digits = (extension < 0 ? line : line[..extension]).Trim(" \t"u8);
        if (!Utf8Parser.TryParse(digits, out long size, out var used, 'x') || used != digits.Length || size < 0)
            _state = State.Malformed;
        else
            (_state, _left) = (size == 0 ? State.Trailers : State.ChunkData, size);
    }

    private long? Fail()
    {
        _state = State.Malformed;
        return null;
    }
}
