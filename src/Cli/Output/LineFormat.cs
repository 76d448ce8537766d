using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Output;

/// <summary>One line of a service's output as it is shown: aligned, coloured name, then the text. Immutable.</summary>
internal sealed class LineFormat
{
    private const string HostStream = "host";
    private const int WidestName = 20;

    private readonly Palette _palette;
    private readonly Dictionary<string, string> _prefixes = new(StringComparer.Ordinal);

    public LineFormat(IReadOnlyList<string> services, Palette palette)
    {
        _palette = palette;
        var width = Math.Min(WidestName, services.Append(Narrator).Max(s => s.Length));

        for (var i = 0; i < services.Count; i++)
            _prefixes[services[i]] = palette.Name(i, services[i].PadRight(width) + " |");

        _prefixes[Narrator] = palette.Faint(Narrator.PadRight(width) + " |");
    }

    /// <summary>Who speaks when we ourselves do.</summary>
    public const string Narrator = "supervisor";

    public string Of(string service, LogLine line)
    {
        var text = line.Text.TrimEnd('\r');
        return $"{_prefixes[service]} {(line.Stream == HostStream ? _palette.Faint(text) : _palette.Closed(text))}\n";
    }

    public string Missed(string service, long lines) => $"{_prefixes[service]} {_palette.Faint($"… {lines} lines were not read in time; the log file has them")}\n";

    public string Said(string about, string text) => $"{_prefixes.GetValueOrDefault(about, _prefixes[Narrator])} {text}\n";
}
