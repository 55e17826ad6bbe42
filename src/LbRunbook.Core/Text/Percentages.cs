using System.Globalization;

namespace LbRunbook.Core.Text;

/// <summary>Percentages with their sign: <c>50%</c>, 1 to 100. A bare 50 could be a count and is refused.</summary>
internal static class Percentages
{
    public const string Allowed = "a percentage from 1% to 100%, such as 50%";

    public static bool TryParse(string? text, out double value)
    {
        value = 0;
        var number = (text ?? "").AsSpan().Trim();
        if (number.Length is < 2 or > 16 || number[^1] != '%') return false;
        return double.TryParse(number[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            && value is >= 1 and <= 100;
    }

    public static string Format(double value) => value.ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
