using System.Globalization;
using System.Text;

namespace Supervisor.Processes;

/// <summary>
/// Follows which modes of a terminal (another screen, a hidden cursor, reports of the mouse) the programs in it have set by <c>ESC [ ? N h</c>, so that another terminal can
/// be brought to the same, and back. A sequence may arrive in pieces. Not thread-safe.
/// </summary>
public sealed class TerminalModes
{
    private const byte Escape = 0x1B;

    /// <summary>Longer parameters belong to nothing that a terminal knows.</summary>
    private const int LongestParameters = 32;

    /// <summary>There are some thirty.</summary>
    private const int MaxChanged = 64;

    /// <summary>Those that are set in every terminal: lines wrap, and the cursor is seen.</summary>
    private static readonly int[] SetAtFirst = [7, 25];

    // Other than in every terminal, in the order of the changes.
    private readonly List<int> _changed = [];
    private readonly StringBuilder _parameters = new();
    private Place _place;

    private enum Place
    {
        Text,
        AfterEscape,
        AfterBracket,
        InParameters,
    }

    /// <summary>The sequences that bring a new terminal to these modes; empty: it has them.</summary>
    public string Enter() => string.Concat(_changed.Select(mode => Sequence(mode, isSet: !SetAtFirst.Contains(mode))));

    /// <summary>The sequences that bring a terminal with these modes back, the newest first, and its letters to their normal look.</summary>
    public string Leave() => "\e[0m" + string.Concat(Enumerable.Reverse(_changed).Select(mode => Sequence(mode, isSet: SetAtFirst.Contains(mode))));

    /// <summary>The terminal was brought back.</summary>
    public void Clear()
    {
        _place = Place.Text;
        _changed.Clear();
    }

    public void Read(ReadOnlySpan<byte> output)
    {
        while (!output.IsEmpty)
        {
            if (_place == Place.Text)
            {
                var escape = output.IndexOf(Escape);
                if (escape < 0)
                    return;
                output = output[escape..];
            }

            _place = Next(output[0]);
            output = output[1..];
        }
    }

    private Place Next(byte letter) => (_place, letter) switch
    {
        (_, Escape) => Place.AfterEscape,
        (Place.AfterEscape, (byte)'[') => Place.AfterBracket,
        (Place.AfterBracket, (byte)'?') => Begin(),
        (Place.InParameters, (>= (byte)'0' and <= (byte)'9') or (byte)';') when _parameters.Length < LongestParameters => Add((char)letter),
        (Place.InParameters, (byte)'h' or (byte)'l') => Set(letter == 'h'),
        _ => Place.Text,
    };

    private Place Begin()
    {
        _parameters.Clear();
        return Place.InParameters;
    }

    private Place Add(char letter)
    {
        _parameters.Append(letter);
        return Place.InParameters;
    }

    private Place Set(bool isSet)
    {
        foreach (var parameter in _parameters.ToString().Split(';'))
        {
            if (!int.TryParse(parameter, NumberStyles.None, CultureInfo.InvariantCulture, out var mode))
                continue;

            _changed.Remove(mode);
            if (isSet != SetAtFirst.Contains(mode) && _changed.Count < MaxChanged)
                _changed.Add(mode);
        }

        return Place.Text;
    }

    private static string Sequence(int mode, bool isSet) => string.Create(CultureInfo.InvariantCulture, $"\e[?{mode}{(isSet ? 'h' : 'l')}");
}
