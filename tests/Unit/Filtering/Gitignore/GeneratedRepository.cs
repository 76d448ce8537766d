using System.Text;
using Supervisor.Filtering;

namespace Supervisor.Unit.Filtering.Gitignore;

/// <summary>
/// Ignore files and paths made up from a seed: few letters, so that accidents happen, and everything that is special to git or to bytes.
/// Text is Latin-1 here, one character a byte.
/// </summary>
internal sealed class GeneratedRepository
{
    private static readonly string[] Letters =
        ["a", "b", "c", "ab", "A", "é", "ÿ", "Ã©", " ", "-", "!", "#", "[", "]", "*", "?", "\\", "^", ".", "~", "\t", "{", "1", "_", ":", "\u000B", "\u0001"];

    private static readonly string[] Classes =
    [
        "[ab]", "[!a]", "[^a]", "[a-c]", "[c-a]", "[]a]", "[!]a]", "[a-]", "[-a]", "[a\\]b]", "[\\a-\\c]", "[[:alpha:]]", "[[:digit:]a]", "[![:upper:]]",
        "[[:space:]]", "[[:punct:]]", "[[:xdigit:]-z]", "[[:nonsense:]]", "[[:alpha:]", "[[:alpha]", "[[:al", "[a", "[", "[]", "[!]", "[[a]", "[a/b]",
        "[!/]", "[é-ÿ]", "[[:cntrl:]]", "[[:graph:]]", "[[:print:]]", "[[:blank:]]", "[[:lower:]]", "[[:alnum:]_]", "[--a]", "[a-c-z]", "[[:]a]", "[\\", "[a-\\",
    ];

    private readonly Random _random;
    private readonly List<string> _directories = [];

    public GeneratedRepository(int seed)
    {
        _random = new Random(seed);

        for (var i = _random.Next(3, 14); i > 0; i--)
        {
            var above = _directories.Count > 0 && Chance(2) ? _directories[_random.Next(_directories.Count)] + '/' : "";
            _directories.Add(above + Name());
        }

        Files.Add(".gitignore", Rules());
        Files.Add(".git/info/exclude", Chance(3) ? Rules() : "");
        Files.Add("../config/git/ignore", Chance(4) ? Rules() : "");

        foreach (var directory in _directories.Where(IsText).Where(_ => Chance(2)))
            Files[directory + "/.gitignore"] = Rules();
    }

    /// <summary>That exist, with those above them; relative.</summary>
    public IEnumerable<string> Directories =>
        _directories.SelectMany(directory => Enumerable.Range(0, directory.Length + 1).Where(end => end == directory.Length || (end > 0 && directory[end] == '/'))
            .Select(end => directory[..end])).Distinct(StringComparer.Ordinal);

    /// <summary>Content by relative path.</summary>
    public Dictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Directories that exist, and files that need not.</summary>
    public IReadOnlyList<string> Paths(int count)
    {
        var paths = Directories.ToHashSet(StringComparer.Ordinal);

        while (paths.Count < count)
        {
            var path = string.Join('/', Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Name()));
            paths.Add(Chance(2) ? _directories[_random.Next(_directories.Count)] + '/' + path : path);
        }

        return [.. paths];
    }

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private string Pick(string[] from) => from[_random.Next(from.Length)];

    // .NET can only make files whose names are text.
    private static bool IsText(string name) => FileName.Decode(Encoding.Latin1.GetBytes(name)).All(c => !char.IsSurrogate(c) && c != '\\');

    private string Name()
    {
        var name = string.Concat(Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Pick(Chance(3) ? Letters : Letters[..5])));
        return name is "." or ".." ? "dot" : name;
    }

    private string Rules()
    {
        var text = new StringBuilder(Chance(8) ? "\u00EF\u00BB\u00BF" : "");

        for (var line = _random.Next(1, 12); line > 0; line--)
            text.Append(Chance(15) ? Pick(["", "#a", "!", "/", " ", "\r", "\\", "//", "!/", "\\#a", "**"]) : Pattern()).Append(Chance(6) ? "\r\n" : "\n");

        // The last line may lack its end.
        return Chance(4) ? text.ToString().TrimEnd('\n') : text.ToString();
    }

    private string Pattern()
    {
        var segments = Enumerable.Range(0, Chance(2) ? 1 : _random.Next(2, 5)).Select(_ => Segment());
        var text = (Chance(5) ? "!" : "") + (Chance(5) ? "/" : "") + string.Join(Chance(40) ? "//" : "/", segments) + (Chance(5) ? "/" : "");
        return text + (Chance(12) ? Pick([" ", "\\ ", "  ", "\\  ", "\\", "\0x", "\t"]) : "");
    }

    private string Segment() => _random.Next(10) switch
    {
        0 => "**",
        1 => "*",
        2 => "*" + Name(),
        3 or 4 => Name(),
        _ => string.Concat(Enumerable.Range(0, _random.Next(1, 5)).Select(_ => Token())),
    };

    private string Token() => _random.Next(10) switch
    {
        0 or 1 => "*",
        2 => "?",
        3 => "**",
        4 => Pick(Classes),
        5 => "\\" + Pick(Letters)[..1],
        _ => Pick(Chance(3) ? Letters : Letters[..4]),
    };
}
