using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree.Catalogue;

/// <summary>The catalogue is complete: an existing test proves each row, and each line runs.</summary>
public sealed class CatalogueTableSpecs
{
    private const string Lines = "lines";
    private const string NoTestPrefix = "not here: ";

    private static readonly int[] MissingRows = [5, 9, 23, 28, 30, 35, 41, 47, 60, 70, 75, 77, 84, 85];

    private static readonly string[] Files =
        [.. Directory.GetFiles(CatalogueCase.Folder, "?-*.txt").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void Each_row_appears_once_in_order() =>
        Table().Select(row => row.Number).Should().Equal(Enumerable.Range(1, 95).Except(MissingRows));

    [Fact]
    public void Rows_with_lines_are_exactly_those_that_lines_belong_to() =>
        Table().Where(row => row.Proofs.Contains(Lines, StringComparer.Ordinal)).Select(row => row.Number)
            .Should().BeEquivalentTo(Files.SelectMany(CatalogueCase.Load).Select(line => line.Row).Distinct());

    [Fact]
    public void Every_named_test_exists()
    {
        var sources = Directory.GetFiles(Path.Combine(Executables.Repository, "tests"), "*.cs", SearchOption.AllDirectories)
            .GroupBy(file => Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal)
            .ToDictionary(files => files.Key, files => string.Concat(files.Select(File.ReadAllText)), StringComparer.Ordinal);

        Table().SelectMany(row => row.Proofs).Where(proof => proof != Lines).Should().OnlyContain(proof => Exists(sources, proof));
    }

    [Fact]
    public void Every_line_runs()
    {
        var played = typeof(CatalogueSpecs).GetMethods().SelectMany(method => method.GetCustomAttributes<CatalogueCasesAttribute>())
            .SelectMany(attribute => attribute.Titles.Select(title => (attribute.File, title)));

        played.Should().BeEquivalentTo(Files.SelectMany(file => CatalogueCase.Load(file).Select(line => (file, line.Title))));
    }

    [Theory]
    [InlineData("1 a title | - | - | true | 1: f.py")]
    [InlineData("a title | - | - | true | 1: f.py | -")]
    [InlineData("1 a title | - | - | true | once: f.py | -")]
    public void An_invalid_line_is_refused_with_file_and_line(string line)
    {
        var parse = () => CatalogueCase.Parse(line, "some/file.txt:7");

        parse.Should().Throw<FormatException>().WithMessage("some/file.txt:7: *");
    }

    [Theory]
    [InlineData("0 a change that is kept from everybody | ignore:f.py | - | echo two >f.py | any | -")]
    [InlineData("0 a change that is told and was not expected | - | - | echo two >f.py | - | -")]
    [InlineData("0 another name than the expected one | - | - | echo two >f.py | 1: g.py | -")]
    [InlineData("0 one batch more than expected | - | - | echo two >f.py; flush; echo three >f.py | 1: f.py | -")]
    public async Task A_deviation_from_the_line_is_found(string line)
    {
        await using var run = new CatalogueCaseRun(CatalogueCase.Parse(line, "here"));
        await run.RunAsync();
        await run.FlushAsync();

        run.Invoking(played => played.Check()).Should().Throw<Exception>();
    }

    private static bool Exists(Dictionary<string, string> sources, string proof) =>
        proof.Split('.') is [var type, var method] && sources.TryGetValue(type, out var source)
        && Regex.IsMatch(source, $@"public (async Task|Task|void) {Regex.Escape(method)}\(");

    /// <summary>A row without a test says why.</summary>
    private static IEnumerable<(int Number, string[] Proofs)> Table()
    {
        var path = Path.Combine(CatalogueCase.Folder, "rows.txt");

        foreach (var line in File.ReadLines(path).Where(line => line is not ("" or ['#', ..])))
        {
            if (line.Split(" | ") is not [var number, _, { Length: > 0 } proof])
                throw new FormatException($"{path}: '{line}' is not 'row | situation | proof'.");

            var proofs = proof.StartsWith(NoTestPrefix, StringComparison.Ordinal) ? [] : proof.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            yield return (int.Parse(number, CultureInfo.InvariantCulture), proofs);
        }
    }
}
