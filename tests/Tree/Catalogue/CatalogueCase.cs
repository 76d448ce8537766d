using System.Globalization;
using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree.Catalogue;

/// <summary>
/// One line of a catalogue file: <c>row title | needs | before | done | told | never</c>. A bar with blanks around it separates the columns (a pipe in a
/// command is written without blanks), a dash means nothing, <c>#</c> begins a comment. At first the root contains <c>f.py</c> with the content "one".
/// </summary>
/// <param name="Title">The number of the row and the name of its test.</param>
/// <param name="Needs">Programs that a machine may lack, words of <see cref="Settings"/>, or <see cref="Ignore"/>.</param>
/// <param name="Never">Patterns of names that must not be reported, such as ignored ones. They match whole paths or any single name in them.</param>
internal sealed partial record CatalogueCase(
    string Title, IReadOnlyList<string> Needs, string Before, string Done, ExpectedBatches Expected, IReadOnlyList<string> Never)
{
    /// <summary>
    /// adaptive: batches are sent when files are quiet, as by default, and not only for a flush. metadata: compare times, not bytes. weak: the watcher may
    /// not read files against their modes. cramped: the watcher's own folder is on a disk of 64 KiB. few-watches, no-instances: the kernel allows it only 40
    /// watches, or no inotify instance. clock: its clock can be set. gitignore: it uses git's rules.
    /// </summary>
    private static readonly string[] Settings = ["adaptive", "metadata", "weak", "cramped", "few-watches", "no-instances", "clock", "gitignore"];

    /// <summary>Followed by a glob that the configuration ignores.</summary>
    private const string Ignore = "ignore:";

    public static string Folder => Path.Combine(Executables.Repository, "tests", "Tree", "Catalogue");

    public int Row => int.Parse(Title.AsSpan(0, Title.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);

    public IEnumerable<string> Programs => Needs.Except(Settings, StringComparer.Ordinal).Where(need => !need.StartsWith(Ignore, StringComparison.Ordinal));

    public IReadOnlyList<string> Ignored =>
        [.. Needs.Where(need => need.StartsWith(Ignore, StringComparison.Ordinal)).Select(need => need[Ignore.Length..])];

    /// <param name="file">File name without folder and extension.</param>
    /// <exception cref="FormatException">Names file and line.</exception>
    public static IReadOnlyList<CatalogueCase> Load(string file)
    {
        var path = Path.Combine(Folder, file + ".txt");
        var lines = File.ReadAllLines(path).Select((text, index) => (Text: text.Trim(), Number: index + 1)).Where(line => line.Text is not ("" or ['#', ..]));
        var cases = lines.Select(line => Parse(line.Text, $"{path}:{line.Number}")).ToList();
        var doubled = cases.GroupBy(line => line.Title, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);

        return doubled is null ? cases : throw new FormatException($"{path}: two lines have the title '{doubled.Key}'.");
    }

    public static CatalogueCase Find(string file, string title) => Load(file).Single(line => line.Title == title);

    internal static CatalogueCase Parse(string line, string where)
    {
        var columns = line.Split(" | ").Select(column => column.Trim()).ToArray();

        if (columns.Length != 6)
            throw new FormatException($"{where}: six columns are required (row title | needs | before | done | told | never), not {columns.Length}.");

        if (!TitleShape().IsMatch(columns[0]))
            throw new FormatException($"{where}: '{columns[0]}' is not a row's number and a title.");

        return new CatalogueCase(
            columns[0], Words(columns[1]), Command(columns[2]), Command(columns[3]), ExpectedBatches.Parse(columns[4], where), Words(columns[5]));
    }

    /// <param name="path">Relative to the root.</param>
    public bool MustNotBeReported(string path) => Never.Any(
        pattern => FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: false)
            || path.Split('/').Any(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)));

    private static string Command(string column) => column == "-" ? ":" : column;

    private static string[] Words(string column) =>
        column == "-" ? [] : column.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"^\d+ \S")]
    private static partial Regex TitleShape();
}

/// <summary>
/// What all batches together must report: <c>-</c> nothing; <c>1: f.py "a b"</c> exactly these in one batch; <c>1+: f.py</c> in one or more; <c>1: 5000
/// names</c> that many; <c>1: everything</c> lost track; <c>any</c>: any batches that lead to the content on disk.
/// </summary>
/// <param name="Most">null: any number.</param>
/// <param name="Names">Relative to the root, printable; null: not compared.</param>
/// <param name="Count">null: the number of names.</param>
internal sealed partial record ExpectedBatches(int Least, int? Most, IReadOnlyList<string>? Names, int? Count, bool Everything)
{
    public static ExpectedBatches Parse(string column, string where)
    {
        if (column == "any")
            return new ExpectedBatches(0, null, null, null, Everything: false);

        if (column == "-")
            return new ExpectedBatches(0, 0, [], null, Everything: false);

        if (Shape().Match(column) is not { Success: true } match)
            throw new FormatException($"{where}: '{column}' is neither '-' nor 'any' nor like '1: f.py', '1+: f.py', '1: 20 names', '1: everything'.");

        var least = int.Parse(match.Groups["least"].Value, CultureInfo.InvariantCulture);
        var expected = new ExpectedBatches(least, match.Groups["more"].Success ? null : least, null, null, Everything: false);

        if (match.Groups["names"].Value == "everything")
            return expected with { Everything = true };

        return match.Groups["count"].Success
            ? expected with { Count = int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture) }
            : expected with { Names = [.. Name().Matches(match.Groups["names"].Value).Select(name => name.Value.Trim('"'))] };
    }

    [GeneratedRegex(@"^(?<least>\d+)(?<more>\+)?: ((?<count>\d+) names|(?<names>.+))$")]
    private static partial Regex Shape();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Name();
}
