using System.Text;
using LbRunbook.Adapters.Processes;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>
/// Takes out of one stream of a command what has come so far. The library keeps all that comes and blocks who reads ahead of it; so it is
/// emptied now and then, and never read from where there is nothing.
/// </summary>
internal sealed class StreamTail(Stream stream, BoundedText text)
{
    private readonly Decoder _decoder = new UTF8Encoding(false).GetDecoder();
    private readonly byte[] _bytes = new byte[32 * 1024];
    private readonly char[] _chars = new char[32 * 1024 + 2];

    /// <returns>Whether there was anything.</returns>
    public bool Drain()
    {
        var any = false;
        while (stream.Length > 0)
        {
            var count = stream.Read(_bytes, 0, _bytes.Length);
            if (count == 0)
                return any;
            text.Append(_chars.AsSpan(0, _decoder.GetChars(_bytes, 0, count, _chars, 0)));
            any = true;
        }
        return any;
    }
}
