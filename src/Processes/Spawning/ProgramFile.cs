using System.Text;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>Finds the program file of a command and explains why it cannot be run, before anything is forked.</summary>
internal static class ProgramFile
{
    // What execvp searches when PATH is not set.
    private const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    // The kernel reads at most this much of a script's first line.
    private const int FirstLineLimit = 256;

    public static void CheckWorkingDirectory(string path)
    {
        if (!Path.IsPathRooted(path))
            throw new SpawnException(SpawnFailure.BadWorkingDirectory, $"The working directory {path} is not an absolute path.");
        if (!Directory.Exists(path))
            throw new SpawnException(SpawnFailure.BadWorkingDirectory, $"The working directory {path} {(File.Exists(path) ? "is a file" : "does not exist")}.");
        if (LibC.access(path, LibC.X_OK) != 0)
            throw new SpawnException(SpawnFailure.BadWorkingDirectory, $"The working directory {path} may not be entered (permission denied).");
    }

    /// <summary>Returns an absolute path of an existing executable file whose interpreter exists too.</summary>
    public static string Resolve(string name, string workingDirectory, string? searchPath)
    {
        var found = name.Contains('/', StringComparison.Ordinal)
            ? Path.Combine(workingDirectory, name)
            : Search(name, workingDirectory, searchPath ?? DefaultPath);

        CheckExecutable(found, name);
        CheckInterpreter(found, workingDirectory);
        return found;
    }

    private static string Search(string name, string workingDirectory, string searchPath)
    {
        string? notExecutable = null;
        foreach (var folder in searchPath.Split(':'))
        {
            // An empty entry means the child's working directory, not ours.
            var candidate = Path.Combine(workingDirectory, folder, name);
            if (!File.Exists(candidate))
                continue;
            if (LibC.access(candidate, LibC.X_OK) == 0)
                return candidate;
            notExecutable ??= candidate;
        }

        return notExecutable ?? throw new SpawnException(SpawnFailure.NotFound, $"The program {name} was not found in PATH ({searchPath}).");
    }

    private static void CheckExecutable(string path, string name)
    {
        if (Directory.Exists(path))
            throw new SpawnException(SpawnFailure.NotExecutable, $"The program {path} is a directory.");
        if (!File.Exists(path))
            throw new SpawnException(SpawnFailure.NotFound, $"The program {path} does not exist{(path == name ? "" : $" (command: {name})")}.");
        if (LibC.access(path, LibC.X_OK) != 0)
            throw new SpawnException(SpawnFailure.NotExecutable, $"The program {path} is not executable (permission denied); chmod +x it, or name its interpreter.");
    }

    // If the interpreter of a script is missing, the kernel reports "No such file", and users look for the script.
    private static void CheckInterpreter(string path, string workingDirectory)
    {
        if (FirstLine(path) is not { } line || !line.StartsWith("#!", StringComparison.Ordinal))
            return;

        var words = line[2..].Trim(' ', '\t').Split([' ', '\t'], count: 2);
        var interpreter = words[0];
        if (interpreter.Length == 0 || File.Exists(Path.Combine(workingDirectory, interpreter)))
            return;

        var hint = interpreter.EndsWith('\r') ? " (the file has Windows line endings)" : "";
        throw new SpawnException(SpawnFailure.NotFound, $"The program {path} asks for the interpreter {interpreter.TrimEnd('\r')}, which does not exist{hint}.");
    }

    private static string? FirstLine(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            Span<byte> start = stackalloc byte[FirstLineLimit];
            var read = start[..file.ReadAtLeast(start, FirstLineLimit, throwOnEndOfStream: false)];
            var end = read.IndexOf((byte)'\n');
            return Encoding.Latin1.GetString(end < 0 ? read : read[..end]);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // A program may be executable but not readable: then the kernel's error must do.
            return null;
        }
    }
}
