using System.Globalization;
using System.Text;

namespace Supervisor.Configuration.Text;

/// <summary>Text of a file in a form for one line of a terminal: control characters are escaped, long text is cut.</summary>
internal static class Printable
{
    private const int MaxLength = 80;

    public static string Of(string text)
    {
        var shown = new StringBuilder();

        foreach (var c in text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength - 1), "…"))
        {
            if (char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format)
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                shown.Append(c);
        }

        return shown.ToString();
    }
}
