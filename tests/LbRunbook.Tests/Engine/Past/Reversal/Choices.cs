using FsCheck;
using FsCheck.Fluent;

namespace LbRunbook.Tests.Engine.Past.Reversal;

/// <summary>Decisions read off bytes: what FsCheck shrinks (fewer and smaller bytes) becomes a state nearer to the usual one.</summary>
internal sealed class Choices(IReadOnlyList<byte> bytes)
{
    /// <summary>A few milliseconds each.</summary>
    private const int Cases = 400;

    /// <summary>
    /// The same cases every time, so that a failure is one of the change at hand; LBCTL_SEED=random looks for others
    /// (tests/bench/properties.sh).
    /// </summary>
    private static readonly ulong? s_seed = Environment.GetEnvironmentVariable("LBCTL_SEED") == "random" ? null : 2229492336897134520;

    private int _at;

    public static void ForAll(Action<Choices> body) =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => body(new(bytes ?? []))).Check(Settings());

    private static FsCheck.Config Settings()
    {
        var settings = FsCheck.Config.QuickThrowOnFailure.WithMaxTest(Cases).WithEndSize(60);
        // The second number must be odd.
        return s_seed is { } seed ? settings.WithReplay(seed, 11976834532425857685) : settings;
    }

    /// <returns>0 to <paramref name="count"/> - 1; 0 when there are no bytes left.</returns>
    public int Below(int count) => _at < bytes.Count ? bytes[_at++] % count : 0;

    public bool OneIn(int count) => Below(count) == count - 1;

    public T Of<T>(params IReadOnlyList<T> values) => values[Below(values.Count)];
}
