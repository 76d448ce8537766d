namespace Supervisor.Cli.Rendering;

/// <summary>Colours as the escape sequences that every terminal knows; where there is no colour, the text itself.</summary>
internal sealed class Palette(bool coloured)
{
    private const string Reset = "\e[0m";

    // Those that are legible on black and on white, in an order in which neighbours differ.
    private static readonly int[] Names = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94];

    public string Name(int index, string text) => Painted(Names[index % Names.Length], text);

    public string Good(string text) => Painted(32, text);

    public string Warning(string text) => Painted(33, text);

    public string Bad(string text) => Painted(31, text);

    public string Faint(string text) => Painted(90, text);

    /// <summary>Ends what a server's own output may have switched on.</summary>
    public string Closed(string text) => coloured && text.Contains('\e', StringComparison.Ordinal) ? text + Reset : text;

    /// <summary>What stands before and after a text that is <see cref="Faint"/>.</summary>
    public (byte[] Before, byte[] After) FaintBytes { get; } = coloured ? ("\e[90m"u8.ToArray(), "\e[0m"u8.ToArray()) : ([], []);

    /// <summary>What stands before and after a text that is <see cref="Closed"/>.</summary>
    public (byte[] Before, byte[] After) ClosingBytes(ReadOnlySpan<byte> text) => coloured && text.Contains((byte)'\e') ? ([], FaintBytes.After) : ([], []);

    private string Painted(int colour, string text) => coloured ? $"\e[{colour}m{text}{Reset}" : text;
}
