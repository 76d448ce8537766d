using System.Globalization;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Doctor;

/// <summary>What doctor reads about the configuration and its tree.</summary>
/// <param name="Mistakes">Of the configuration file; empty: it is valid.</param>
/// <param name="Problem">Why the running tree could not be asked; null: it was, or none runs.</param>
/// <param name="ParentPid">Of a parent that could not be asked; null: not known.</param>
/// <param name="Edit">What a reload would do; null: the file is what the tree runs, or none runs.</param>
/// <param name="Board">null: no tree runs, or it does not answer.</param>
internal sealed record TreeFacts(string Config, IReadOnlyList<string> Mistakes, string? Problem, string? Edit, StatusReport? Board, int? ParentPid = null);

/// <summary>The configuration, the running tree and how it watches, as findings. Pure.</summary>
internal static class TreeChecks
{
    private const string Configuration = "configuration";
    private const string Watching = "watching";

    public static IEnumerable<Finding> Of(TreeFacts facts)
    {
        if (facts.Problem is { } problem)
            yield return new Finding("tree", Severity.Mend, problem, "No command and no changed file reaches a server meanwhile.",
                facts.ParentPid is { } pid ? string.Create(CultureInfo.InvariantCulture, $"kill -KILL {pid} && supervisor start -d") : null);

        yield return OfConfiguration(facts);

        foreach (var finding in facts.Board is { } board ? OfWatcher(board.Watcher) : [NotRunning])
            yield return finding;
    }

    private static Finding NotRunning => new(Watching, Severity.Ok, "no tree runs; each watch path gets its backend at the start");

    private static Finding OfConfiguration(TreeFacts facts)
    {
        if (facts.Mistakes is [var first, ..])
        {
            return new Finding(
                Configuration, Severity.Mend, $"{facts.Config} has {Wording.Count(facts.Mistakes.Count, "mistake")}: {first}",
                facts.Board is null ? "No tree can be started with it." : "The running tree keeps its last valid configuration.", "supervisor check");
        }

        return facts.Edit is { } edit
            ? new Finding(Configuration, Severity.Advice, edit, "The running tree still has the earlier configuration.", "supervisor reload")
            : new Finding(Configuration, Severity.Ok, $"{facts.Config} is valid{(facts.Board is null ? "" : ", and the tree runs it")}");
    }

    private static IEnumerable<Finding> OfWatcher(WatcherStatus watcher)
    {
        if (watcher.State is WatcherPhase.Backoff or WatcherPhase.Stopped)
        {
            yield return new Finding(
                Watching, Severity.Mend, $"the watcher is {Wording.Of(watcher.State)}{(watcher.LastExitReason is { } reason ? $": {reason}" : "")}",
                "No changed file reaches a server; \"supervisor why watcher\" says more.", "supervisor restart watcher");
        }

        if (watcher.Degraded)
        {
            yield return new Finding(
                Watching, Severity.Advice, "the watcher polls because it has failed too often", "Changes are seen later; \"supervisor why watcher\" says why it failed.",
                "supervisor restart watcher");
        }

        foreach (var root in watcher.Roots)
            yield return OfRoot(root, watcher.Degraded);
    }

    private static Finding OfRoot(RootStatus root, bool degraded)
    {
        var found = $"{root.Path}: {root.Backend}{(root.Reason is { } reason ? $" ({reason})" : "")}";

        if (root.Reason?.Contains("fs.inotify.max_user_instances", StringComparison.Ordinal) == true)
            return Limited(found, "sudo sysctl fs.inotify.max_user_instances=1024");
        if (root.Reason?.Contains("fs.inotify.max_user_watches", StringComparison.Ordinal) == true)
            return Limited(found, "sudo sysctl fs.inotify.max_user_watches=524288");

        return root.Backend.Contains("poll", StringComparison.Ordinal) && !degraded
            ? new Finding(Watching, Severity.Advice, found, "Polling sees a change later than the kernel would tell it, and costs more CPU.")
            : new Finding(Watching, Severity.Ok, found);
    }

    private static Finding Limited(string found, string sysctl) =>
        new(Watching, Severity.Mend, found, "Polling sees a change later than the kernel would tell it, and costs more CPU.", $"{sysctl} && supervisor restart watcher");
}
