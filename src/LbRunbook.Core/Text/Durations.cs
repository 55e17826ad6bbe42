using System.Buffers;
using System.Globalization;
using System.Text;

namespace LbRunbook.Core.Text;

/// <summary>Durations as operators write them: <c>500ms 5s 1.5s 2m 1m30s 1h 14d</c>. A bare number has no unit and is refused.</summary>
internal static class Durations
{
    public const string Allowed = "a number with a unit: 500ms, 5s, 2m, 1h, 14d";

    private const int LongestText = 32;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    // Descending in size: a unit may appear once, in this order.
    private static readonly (string Name, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay),
        ("h", TimeSpan.TicksPerHour),
        ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond),
    ];

    public static TimeSpan Parse(string text) =>
        TryParse(text, out var value) ? value : throw new FormatException($"'{text}' is not a duration; {Allowed}");

    public static bool TryParse(string? text, out TimeSpan value)
    {
        value = default;
        var rest = (text ?? "").AsSpan().Trim();
        if (rest.Length is 0 or > LongestText) return false;
        decimal ticks = 0;
        var smallestUsed = -1;
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !decimal
                .TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            rest = rest[digits..];
            var letters = rest.IndexOfAny(NumberCharacters);
            var name = letters < 0 ? rest : rest[..letters];
            var unit = FindUnit(name);
            if (unit <= smallestUsed || number > long.MaxValue / Units[unit].Ticks) return false;
            smallestUsed = unit;
            ticks += number * Units[unit].Ticks;
            rest = rest[name.Length..];
        }
        if (ticks > long.MaxValue) return false;
        value = TimeSpan.FromTicks((long)decimal.Round(ticks));
        return true;
    }

    /// <summary>Shortest text that <see cref="Parse"/> reads back exactly, to the millisecond: <c>250ms 1.5s 1m30s 14d</c>.</summary>
    public static string Format(TimeSpan value)
    {
        if (value < TimeSpan.Zero) return "-" + Format(value.Negate());
        var milliseconds = value.Ticks / TimeSpan.TicksPerMillisecond;
        if (milliseconds < 1000) return milliseconds == 0 ? "0s" : $"{milliseconds}ms";
        var text = new StringBuilder();
        Append(text, milliseconds / 86_400_000, "d");
        Append(text, milliseconds / 3_600_000 % 24, "h");
        Append(text, milliseconds / 60_000 % 60, "m");
        var seconds = milliseconds % 60_000;
        if (seconds > 0) text.Append((seconds / 1000m).ToString("0.###", CultureInfo.InvariantCulture)).Append('s');
        return text.ToString();
    }

    private static void Append(StringBuilder text, long count, string unit)
    {
        if (count > 0) text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
    }

    private static int FindUnit(ReadOnlySpan<char> name)
    {
        for (var i = 0; i < Units.Length; i++)
            if (name.SequenceEqual(Units[i].Name)) return i;
        return -1;
    }
}
