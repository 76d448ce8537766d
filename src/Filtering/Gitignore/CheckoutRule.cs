namespace Supervisor.Filtering.Gitignore;

/// <summary>What a directory's <c>.git</c> is, links followed.</summary>
public enum GitEntry
{
    None,
    Directory,
    File,
}

/// <summary>
/// Tells a directory that is a checkout of its own (a clone, a worktree) from a submodule, which is part of the tree around it. Sources:
/// gitrepository-layout(5), "gitfile", "modules", "worktrees"; gitsubmodules(7), "DESCRIPTION" and "FORMS". Pure; any thread.
/// </summary>
public static class CheckoutRule
{
    private const string Pointer = "gitdir:";

    /// <param name="firstLine">Of a <c>.git</c> that is a file; without <c>gitdir:</c> it is none of git's.</param>
    /// <param name="isListed">The <c>.gitmodules</c> of the repository around it names the directory: a submodule in any form, the old one with a
    /// <c>.git</c> folder as well.</param>
    public static bool IsCheckout(GitEntry entry, string firstLine, bool isListed) => entry switch
    {
        GitEntry.Directory => !isListed,
        GitEntry.File => !isListed && Target(firstLine) is { } folder && !IsOfSubmodule(folder),
        _ => false,
    };

    private static string? Target(string firstLine) =>
        firstLine.StartsWith(Pointer, StringComparison.Ordinal) && firstLine[Pointer.Length..].Trim() is { Length: > 0 } folder ? folder : null;

    /// <summary>
    /// A submodule's folder is <c>modules/NAME</c> in that of the repository around it, a worktree's <c>worktrees/ID</c>. A name may contain slashes, an id
    /// does not.
    /// </summary>
    private static bool IsOfSubmodule(string folder)
    {
        var parts = folder.Split('/', StringSplitOptions.RemoveEmptyEntries);

        for (var at = 1; at < parts.Length - 1; at++)
        {
            if (parts[at] == "modules" && IsRepository(parts, at - 1))
                return parts[(at + 1)..] is not [_, .., "worktrees", _];
        }

        return false;
    }

    // A worktree's folder has modules of its own.
    private static bool IsRepository(string[] parts, int at) =>
        parts[at].EndsWith(".git", StringComparison.Ordinal) || (at > 0 && parts[at - 1] == "worktrees");
}
