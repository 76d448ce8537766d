namespace Supervisor.Processes;

/// <summary>Finds the server in the tree of a shell that stays above it. Pure.</summary>
internal static class SignalTargets
{
    private static readonly HashSet<string> Shells = new(StringComparer.Ordinal) { "sh", "ash", "bash", "busybox", "dash", "ksh", "ksh93", "mksh", "yash", "zsh" };

    /// <summary>
    /// The processes nearest to the main process that handle the signal; those beneath them are theirs (the workers of a server). If none does: the nearest one that is
    /// no shell, as the main process of a command without a shell would get it. A shell that does not handle it is never named: it would die, and take
    /// the server along.
    /// </summary>
    /// <param name="main">Its pid.</param>
    /// <param name="tree">The living processes.</param>
    public static IReadOnlyList<int> Choose(int main, IReadOnlyList<SignalReceiver> tree)
    {
        var handlers = new List<int>();
        int? fallback = null;

        for (var level = tree.Where(process => process.Pid == main).ToArray(); level.Length > 0;)
        {
            handlers.AddRange(level.Where(Handles).Select(process => process.Pid));
            fallback ??= level.Where(process => !IsShell(process)).Select(process => (int?)process.Pid).FirstOrDefault();
            var open = level.Where(process => !Handles(process)).Select(process => process.Pid).ToHashSet();
            level = [.. tree.Where(process => open.Contains(process.Parent)).OrderBy(process => process.Pid)];
        }

        return handlers.Count > 0 ? handlers : fallback is { } server ? [server] : [];
    }

    // A shell blocks signals only while it forks.
    private static bool Handles(SignalReceiver process) => process.Catches || (process.Blocks && !IsShell(process));

    private static bool IsShell(SignalReceiver process) => Shells.Contains(process.Program);
}
