using System.Globalization;

namespace Supervisor.Configuration.Values;

/// <summary>A number with a unit, the format of durations, sizes and shares: <c>1.5s</c>, <c>128MB</c>, <c>50%</c>.</summary>
internal static class Quantity
{
    /// <returns>false: the text has another format; blanks between number and unit are allowed, a sign is not.</returns>
    public static bool TrySplit(string text, out decimal number, out string unit)
    {
        var trimmed = text.Trim();
        var digits = trimmed.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();

        unit = trimmed[digits..].TrimStart();
        return decimal.TryParse(trimmed.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }
}
