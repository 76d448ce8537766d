using System.Text;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Project;

/// <summary>A real program that the harness uses where it is installed.</summary>
internal enum Tool
{
    /// <summary>A Python that can import Django.</summary>
    Django,

    /// <summary>A Python that can import uvicorn.</summary>
    Uvicorn,
    Python,
    Node,
    Git,
    Gcc,
    Tar,
    Sed,
    Rsync,
    Vim,
}

/// <summary>The tools that are installed on this machine, and their paths. Immutable; thread-safe.</summary>
internal sealed class InstalledTools
{
    private static readonly Lazy<InstalledTools> Found = new(Find);
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(20);

    private readonly IReadOnlyDictionary<Tool, string?> _programs;

    public InstalledTools(IReadOnlyDictionary<Tool, string?> programs) => _programs = programs;

    /// <summary>The tools of this machine, searched once.</summary>
    public static InstalledTools Local => Found.Value;

    /// <summary>The path of the program; null: not installed.</summary>
    public string? this[Tool tool] => _programs.GetValueOrDefault(tool);

    public bool Has(Tool tool) => this[tool] is not null;

    public string Require(Tool tool) => this[tool] ?? throw new InvalidOperationException($"{tool} is required but not installed.");

    /// <summary>Versions by name for the report: "django" → "3.2.25"; a missing tool is "missing".</summary>
    public IReadOnlyDictionary<string, string> Versions() => Enum.GetValues<Tool>().ToDictionary(
        tool => tool.ToString().ToLowerInvariant(),
        tool => this[tool] is { } program ? VersionOf(tool, program) : "missing",
        StringComparer.Ordinal);

    private static InstalledTools Find()
    {
        // The system's Python first: where several are installed, it has the packages.
        string[] pythons = [.. new[] { "/usr/bin/python3", OnPath("python3") }.OfType<string>().Where(File.Exists).Distinct(StringComparer.Ordinal)];
        var programs = Enum.GetValues<Tool>().ToDictionary(tool => tool, tool => tool switch
        {
            Tool.Django => pythons.FirstOrDefault(python => CanImport(python, "django")),
            Tool.Uvicorn => pythons.FirstOrDefault(python => CanImport(python, "uvicorn")),
            Tool.Python => pythons.FirstOrDefault(),
            _ => OnPath(tool.ToString().ToLowerInvariant()),
        });
        return new InstalledTools(programs);
    }

    private static string? OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private static bool CanImport(string python, string module) => Ask(python, ["-c", $"import {module}"]).Succeeded;

    private static string VersionOf(Tool tool, string program)
    {
        var (_, output) = tool switch
        {
            Tool.Django => Ask(program, ["-c", "import django; print(django.get_version())"]),
            Tool.Uvicorn => Ask(program, ["-c", "import uvicorn; print(uvicorn.__version__)"]),
            _ => Ask(program, ["--version"]),
        };
        return output.Split([' ', '\n', ',', ')'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(word => char.IsDigit(word.TrimStart('v')[..1].FirstOrDefault()))
            ?? "unknown";
    }

    private static (bool Succeeded, string Output) Ask(string program, string[] arguments)
    {
        try
        {
            var result = ForeignProgram.Run(CliWrap.Cli.Wrap(program).WithArguments(arguments), Encoding.UTF8, QueryTimeout);
            return (result.ExitCode == 0, result.Output);
        }
        catch (TimeoutException)
        {
            return (false, ""); // A program that does not answer counts as missing.
        }
    }
}
