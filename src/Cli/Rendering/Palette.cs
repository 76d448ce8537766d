using System.Globalization;

namespace Supervisor.Cli.Rendering;

/// <summary>Colours text with escape sequences of the 256 colours that terminals have had for decades; without colour, returns the text unchanged.</summary>
internal sealed class Palette(bool coloured)
{
    private const string Reset = "\e[0m";

    private static readonly byte[] ResetBytes = "\e[0m"u8.ToArray();

    /// <summary>
    /// Colours of names, of the 6×6×6 cube. Neighbours differ most in hue; none is red; each is legible on black and on white.
    /// </summary>
    internal static readonly IReadOnlyList<int> Names = [33, 166, 30, 133, 64, 99, 136, 168, 28];

    public string Name(int index, string text) => Painted($"38;5;{Names[index % Names.Count].ToString(CultureInfo.InvariantCulture)}", text);

    public string Good(string text) => Paint(Tone.Good, text);

    public string Warning(string text) => Paint(Tone.Warning, text);

    public string Bad(string text) => Paint(Tone.Bad, text);

    public string Faint(string text) => Paint(Tone.Faint, text);

    public string Paint(Tone tone, string text) => tone == Tone.Plain ? Closed(text) : Painted(Code(tone), text);

    /// <summary>Resets colours that the server's output may have set.</summary>
    public string Closed(string text) => coloured && text.Contains('\e', StringComparison.Ordinal) ? text + Reset : text;

    /// <summary>The bytes before and after a text of this tone.</summary>
    public (byte[] Before, byte[] After) BytesAround(Tone tone, ReadOnlySpan<byte> text) => tone switch
    {
        _ when !coloured => ([], []),
        Tone.Plain => ([], text.Contains((byte)'\e') ? ResetBytes : []),
        _ => (Starts[(int)tone], ResetBytes),
    };

    private static readonly byte[][] Starts =
        [.. Enum.GetValues<Tone>().Select(tone => System.Text.Encoding.ASCII.GetBytes($"\e[{Code(tone)}m"))];

    private static string Code(Tone tone) => tone switch
    {
        Tone.Good => "32",
        Tone.Warning => "33",
        Tone.Bad => "1;31",
        Tone.Faint => "90",
        _ => "0",
    };

    private string Painted(string code, string text) => coloured ? $"\e[{code}m{text}{Reset}" : text;
}
