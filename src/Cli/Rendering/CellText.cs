using System.Globalization;
using Spectre.Console;

namespace Supervisor.Cli.Rendering;

/// <summary>Text measured in the cells of a terminal: a wide character takes two, a combining mark none. Pure.</summary>
internal static class CellText
{
    private const string Ellipsis = "…";

    public static int Width(string text) => text.GetCellWidth();

    /// <summary>With a space for each control character: none can break the line or change the terminal.</summary>
    public static string Plain(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character)) : text;

    /// <summary>Keeps the start.</summary>
    public static string CutEnd(string text, int width) =>
        Width(text) <= width ? text : string.Concat(Fitting(Elements(text), width - 1)) + Ellipsis;

    /// <summary>Keeps the end, at the start of a folder or file name if the last name fits.</summary>
    public static string CutPath(string path, int width)
    {
        if (Width(path) <= width)
            return path;

        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (Width(path[slash..]) < width)
                return Ellipsis + path[slash..];
        }

        return Ellipsis + string.Concat(Fitting(Elements(path).Reverse(), width - 1).Reverse());
    }

    /// <summary>The most that fits from the start, at least one character.</summary>
    public static string Start(string text, int width) => string.Concat(Fitting(Elements(text), width)) is { Length: > 0 } start ? start : Elements(text)[0];

    private static IEnumerable<string> Fitting(IEnumerable<string> elements, int width) =>
        elements.TakeWhile(element => (width -= Width(element)) >= 0);

    /// <summary>Characters with their combining marks.</summary>
    private static string[] Elements(string text)
    {
        var starts = StringInfo.ParseCombiningCharacters(text);
        return [.. starts.Select((start, i) => text[start..(i + 1 < starts.Length ? starts[i + 1] : text.Length)])];
    }
}
