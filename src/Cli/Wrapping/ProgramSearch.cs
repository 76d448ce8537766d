using Supervisor.Cli.Interop;

namespace Supervisor.Cli.Wrapping;

/// <summary>Searches folders for a program, as a shell does: .NET would also find one in the working directory.</summary>
internal static class ProgramSearch
{
    /// <returns>null: none of the folders has it.</returns>
    public static string? In(IEnumerable<string> folders, string program) =>
        folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(IsProgram);

    public static bool IsProgram(string path) => File.Exists(path) && LibC.access(path, LibC.X_OK) == 0;
}
