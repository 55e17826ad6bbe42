using System.Text;

namespace LbRunbook.Tests.Cli.Output.Writing;

/// <summary>A stream whose disk is full, or whose reader has gone.</summary>
internal sealed class BrokenWriter(int error = BrokenWriter.NoSpace) : StringWriter
{
    public const int NoSpace = 28;
    public const int BrokenPipe = 32;

    /// <summary>How many characters still go through; in how many pieces they come is a matter of time.</summary>
    public int Room { get; set; }

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(string? value)
    {
        if ((Room -= value?.Length ?? 0) < 0)
            throw new IOException(error == BrokenPipe ? "Broken pipe" : "No space left on device", error);
        base.Write(value);
    }
}

/// <summary>A terminal that is stopped (Ctrl-S), or whose way here hangs.</summary>
internal sealed class StoppedWriter : StringWriter
{
    private readonly ManualResetEventSlim _goesOn = new();

    public void Continue() => _goesOn.Set();

    public override void Write(string? value)
    {
        _goesOn.Wait();
        base.Write(value);
    }

    protected override void Dispose(bool disposing)
    {
        _goesOn.Set();
        base.Dispose(disposing);
    }
}
