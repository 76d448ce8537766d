using System.Globalization;

namespace Supervisor.Configuration.Values;

/// <summary>A number with its unit, as durations, sizes and shares are written: <c>1.5s</c>, <c>128MB</c>, <c>50%</c>.</summary>
internal static class Quantity
{
    /// <returns>false when the text is no such thing; blanks between number and unit are allowed, a sign is not.</returns>
    public static bool TrySplit(string text, out decimal number, out string unit)
    {
        var trimmed = text.Trim();
        var digits = trimmed.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();

        unit = trimmed[digits..].TrimStart();
        return decimal.TryParse(trimmed.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }
}
