using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Supervisor.Unit;

/// <summary>The house rules that a compiler does not know: who may refer to whom, how large a thing may be, which names say nothing.</summary>
public sealed partial class ArchitectureSpecs
{
    private const int ParentBudget = 1_500;
    private const int FileBudget = 300;
    private const int ProgramBudget = 60;

    /// <summary>The arrows between projects.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Client"] = [],
        ["Wire"] = ["Client"],
        ["Supervision"] = [],
        ["Processes"] = [],
        ["Configuration"] = ["Client"],
        ["Filtering"] = ["Client"],
        ["Watcher"] = ["Client", "Filtering", "Wire"],
        ["Cli"] = ["Client", "Configuration", "Filtering", "Processes", "Wire"],
        ["Host"] = ["Client", "Configuration", "Processes", "Supervision", "Wire"],
        ["Parent"] = ["Client", "Configuration", "Processes", "Supervision", "Wire"],
        ["Supervisor"] = ["Cli", "Host", "Parent", "Watcher"],
    };

    public static TheoryData<string> Projects => [.. Arrows.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_those_that_its_arrows_allow(string project)
    {
        var used = Repository.SourceFiles($"src/{project}")
            .SelectMany(file => SupervisorNamespace().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .Where(Arrows.ContainsKey)
            .Distinct(StringComparer.Ordinal)
            .Except([project], StringComparer.Ordinal);

        used.Should().BeSubsetOf(Arrows[project], "{0} may use nothing else", project);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_file_names_only_what_its_arrows_allow(string project)
    {
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));
        var named = file.Descendants("ProjectReference")
            .Where(reference => reference.Parent!.Attribute("Condition") is null)
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Split('/')[^1]));

        named.Should().BeSubsetOf(Arrows[project]);
    }

    [Fact]
    public void Every_project_of_the_source_folder_has_its_arrows_written_down() =>
        Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName)
            .Should().BeSubsetOf([.. Arrows.Keys, "Demo"]);

    [Fact]
    public void The_parent_stays_on_its_diet() =>
        Repository.SourceFiles("src/Parent").Sum(file => File.ReadLines(file).Count(SaysSomething))
            .Should().BeLessThanOrEqualTo(ParentBudget, "a parent that does little can fail at little");

    [Fact]
    public void No_file_grows_past_its_budget() =>
        new[] { "src", "tests", "stress" }.SelectMany(Repository.SourceFiles)
            .Select(file => (File: Repository.Relative(file), Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > FileBudget)
            .Should().BeEmpty("a file of more than {0} lines holds more than one concept", FileBudget);

    [Fact]
    public void Every_program_is_a_table_of_contents() =>
        Repository.SourceFiles("src")
            .Where(file => Path.GetFileName(file) == "Program.cs")
            .Select(file => (File: Repository.Relative(file), Lines: File.ReadLines(file).Count()))
            .Should().AllSatisfy(program => program.Lines.Should().BeLessThan(ProgramBudget, program.File));

    [Fact]
    public void No_type_hides_behind_a_name_that_says_nothing() =>
        Repository.SourceFiles("src")
            .SelectMany(file => EmptyName().Matches(File.ReadAllText(file)).Select(match => $"{Repository.Relative(file)}: {match.Value}"))
            .Should().BeEmpty();

    [Fact]
    public void Two_blank_lines_in_a_row_stand_nowhere() =>
        new[] { "src", "tests", "stress" }.SelectMany(Repository.SourceFiles)
            .Where(file => File.ReadAllText(file).Contains("\n\n\n", StringComparison.Ordinal))
            .Select(Repository.Relative)
            .Should().BeEmpty();

    [Fact]
    public void Native_functions_are_declared_in_the_interop_rooms_only() =>
        Repository.SourceFiles("src")
            .Where(file => File.ReadAllText(file).Contains("[LibraryImport(", StringComparison.Ordinal))
            .Select(Repository.Relative)
            .Where(file => !file.Contains("/Interop/", StringComparison.Ordinal))
            .Should().BeEmpty();

    /// <summary>Blank lines, comments, lone braces and usings are free.</summary>
    private static bool SaysSomething(string line) =>
        line.Trim() is { Length: > 0 } text and not ("{" or "}" or "};" or "});" or ");")
        && !text.StartsWith("//", StringComparison.Ordinal)
        && !text.StartsWith("using ", StringComparison.Ordinal);

    [GeneratedRegex(@"\bSupervisor\.(\w+)")]
    private static partial Regex SupervisorNamespace();

    [GeneratedRegex(@"\b(class|struct|record|interface|enum) \w*(Manager|Helper|Helpers|Utils?|Common|Misc|Data|Info|Ex|Base|Impl)\b")]
    private static partial Regex EmptyName();
}
