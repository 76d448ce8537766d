using System.Globalization;
using Supervisor.Cli.Wrapping;

namespace Supervisor.Cli.Doctor;

/// <summary>What doctor reads about git and Watchman.</summary>
/// <param name="Repository">The folder with <c>.git</c> at or above the configuration; null: none.</param>
/// <param name="LockPath">git's index.lock in it; null: no git command works, or none is found.</param>
/// <param name="UsesWatchman">The configuration asks for it.</param>
internal sealed record ToolFacts(string? Repository, string? LockPath, TimeSpan LockAge, bool UsesWatchman, bool HasWatchman)
{
    public static ToolFacts Read(string folder, bool usesWatchman, TimeProvider time)
    {
        var repository = Above(folder).FirstOrDefault(above => Path.Exists(Path.Combine(above, ".git")));
        var index = repository is null ? null : Path.Combine(GitFolder(Path.Combine(repository, ".git")), "index.lock");
        var isLocked = File.Exists(index);
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";

        return new ToolFacts(
            repository, isLocked ? index : null, isLocked ? time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(index!) : TimeSpan.Zero,
            usesWatchman, ProgramSearch.In(path.Split(':', StringSplitOptions.RemoveEmptyEntries), "watchman") is not null);
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (var above = folder; above is not null; above = Path.GetDirectoryName(above))
            yield return above;
    }

    /// <summary>In a worktree, .git is a file with one line: "gitdir: FOLDER".</summary>
    private static string GitFolder(string git)
    {
        const string prefix = "gitdir: ";

        try
        {
            return File.Exists(git) && File.ReadLines(git).FirstOrDefault() is { } line && line.StartsWith(prefix, StringComparison.Ordinal)
                ? Path.GetFullPath(line[prefix.Length..].Trim(), Path.GetDirectoryName(git)!)
                : git;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return git;
        }
    }
}

/// <summary>git and Watchman, as findings. Pure.</summary>
internal static class ToolChecks
{
    private static readonly TimeSpan LongLock = TimeSpan.FromMinutes(1);

    public static IEnumerable<Finding> Of(ToolFacts facts)
    {
        yield return facts switch
        {
            { Repository: null } => new Finding("git", Severity.Ok, "the configuration is in no git repository"),
            { LockPath: { } path, LockAge: var age } when age > LongLock => new Finding(
                "git", Severity.Advice, string.Create(CultureInfo.InvariantCulture, $"{path} is {age.TotalMinutes:0} min old"),
                "Changes wait up to 10 s while git seems to work. If no git command runs, a killed one has left the file.", $"rm '{path}'"),
            _ => new Finding("git", Severity.Ok, $"{facts.Repository}: changes wait while git works, so a checkout is one reload"),
        };

        yield return facts switch
        {
            { UsesWatchman: false } => new Finding("watchman", Severity.Ok, "the configuration does not use it"),
            { HasWatchman: true } => new Finding("watchman", Severity.Ok, "it is installed; \"watching\" says whether it is used"),
            _ => new Finding(
                "watchman", Severity.Mend, "the configuration asks for it, and PATH has no watchman command", "Everything is watched by inotify instead.",
                "install Watchman, or set \"backend\": \"auto\""),
        };
    }
}
