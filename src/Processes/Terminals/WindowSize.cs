using System.Globalization;
using System.Runtime.InteropServices;

namespace Supervisor.Processes;

/// <summary>The window of a terminal in cells.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WindowSize(ushort Columns, ushort Rows)
{
    /// <summary>Of a terminal of which nothing is known.</summary>
    public static readonly WindowSize Default = new(80, 24);

    /// <summary>A terminal of which nothing is known reports 0.</summary>
    public bool IsKnown => Columns > 0 && Rows > 0;

    /// <summary>From the variables COLUMNS and LINES; what is missing or no number is as in <see cref="Default"/>.</summary>
    public static WindowSize Parse(string? columns, string? lines) => new(Parse(columns, Default.Columns), Parse(lines, Default.Rows));

    private static ushort Parse(string? text, ushort otherwise) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var cells) && cells > 0 ? cells : otherwise;
}
