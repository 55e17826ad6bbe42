namespace LbRunbook.Adapters.Ssh;

/// <summary>Asks a control socket whether a master lives behind it: microseconds, where <c>ssh -O check</c> costs a process.</summary>
internal static class MuxSocket
{
    public static async Task<bool> AnswersAsync(string path, CancellationToken cancellation)
    {
        using var master = await MuxConnection.TryOpenAsync(path, cancellation);
        return master is not null;
    }
}
