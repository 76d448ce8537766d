namespace Supervisor.Cli.Rendering;

/// <summary>Colours text with escape sequences that every terminal knows; without colour, returns the text unchanged.</summary>
internal sealed class Palette(bool coloured)
{
    private const string Reset = "\e[0m";

    // Legible on black and on white, ordered so that neighbours differ.
    private static readonly int[] Names = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];

    public string Name(int index, string text) => Painted(Names[index % Names.Length], text);

    public string Good(string text) => Painted(32, text);

    public string Warning(string text) => Painted(33, text);

    public string Bad(string text) => Painted(31, text);

    public string Faint(string text) => Painted(90, text);

    /// <summary>Resets colours that the server's output may have set.</summary>
    public string Closed(string text) => coloured && text.Contains('\e', StringComparison.Ordinal) ? text + Reset : text;

    /// <summary>The bytes before and after a <see cref="Faint"/> text.</summary>
    public (byte[] Before, byte[] After) FaintBytes { get; } = coloured ? ("\e[90m"u8.ToArray(), "\e[0m"u8.ToArray()) : ([], []);

    /// <summary>The bytes before and after a <see cref="Closed"/> text.</summary>
    public (byte[] Before, byte[] After) ClosingBytes(ReadOnlySpan<byte> text) => coloured && text.Contains((byte)'\e') ? ([], FaintBytes.After) : ([], []);

    private string Painted(int colour, string text) => coloured ? $"\e[{colour}m{text}{Reset}" : text;
}
