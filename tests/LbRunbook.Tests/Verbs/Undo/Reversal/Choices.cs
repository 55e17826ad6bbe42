using FsCheck;
using FsCheck.Fluent;

namespace LbRunbook.Tests.Verbs.Undo.Reversal;

/// <summary>Decisions read off bytes: what FsCheck shrinks (fewer and smaller bytes) becomes a state nearer to the usual one.</summary>
internal sealed class Choices(IReadOnlyList<byte> bytes)
{
    /// <summary>Few milliseconds each.</summary>
    private const int Cases = 1000;

    private int _at;

    public static void ForAll(Action<Choices> body) =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => body(new(bytes ?? []))).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(Cases).WithEndSize(60));

    /// <returns>0 to <paramref name="count"/> - 1; 0 when there are no bytes left.</returns>
    public int Below(int count) => _at < bytes.Count ? bytes[_at++] % count : 0;

    public bool OneIn(int count) => Below(count) == count - 1;

    public T Of<T>(params IReadOnlyList<T> values) => values[Below(values.Count)];
}
