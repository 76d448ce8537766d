using System.Globalization;
using Spectre.Console;

namespace Supervisor.Cli.Rendering;

/// <summary>The table of <c>supervisor status</c>. The rows are pure; only <see cref="Write"/> uses the screen.</summary>
internal static class StatusTable
{
    private static readonly string[] Columns =
        ["SERVICE", "STATE", "PID", "PORT", "UP", "RELOADS", "RESTARTS", "MEMORY", "CPU", "LAST CHANGE"];

    public static void Write(Screen screen, StatusReport board, DateTimeOffset now)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = screen.Coloured ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = screen.Coloured ? ColorSystemSupport.EightBit : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new SizedOutput(screen),
        });

        var table = new Table().Border(TableBorder.None).HideFooters();

        foreach (var column in Columns)
            table.AddColumn(new TableColumn(new Text(column)).NoWrap().Padding(0, 0, 2, 0));

        foreach (var service in board.Services)
            table.AddRow(Cells(service, now).Select((cell, i) => new Text(cell, i == 1 ? Colour(service) : Style.Plain)));

        console.Write(table);

        foreach (var line in Remarks(board, now))
            screen.Out.WriteLine(line);
    }

    internal static string[] Cells(ServiceStatus service, DateTimeOffset now) =>
    [
        service.Name,
        Wording.Of(service.State) + (service.Stale ? ", stale" : ""),
        service.Pid?.ToString(CultureInfo.InvariantCulture) ?? "",
        string.Join(',', service.Ports),
        service is { Pid: not null, StartedAt: { } started } ? Wording.Span(now - started) : "",
        service.Reloads.ToString(CultureInfo.InvariantCulture),
        service.Restarts.ToString(CultureInfo.InvariantCulture),
        Wording.Size(service.MemoryBytes),
        Wording.Percent(service.CpuPercent),
        service.LastChange is { } change ? Change(change, now) : "",
    ];

    /// <summary>The lines below the table: reasons of service states, the watcher, holds and the tree.</summary>
    internal static IEnumerable<string> Remarks(StatusReport board, DateTimeOffset now)
    {
        yield return "";

        foreach (var service in board.Services.Where(s => s.Reason is { Length: > 0 }))
            yield return $"{service.Name}: {service.Reason}";

        yield return "watcher: " + Watcher(board.Watcher);

        foreach (var remark in Roots(board))
            yield return remark;

        if (WatcherRemarks.Of(board.Watcher.Resyncs) is { } again)
            yield return $"watcher: {again}";

        foreach (var hold in board.Watcher.Holds)
            yield return $"changes are held by {hold.Name} ({hold.Holder}) for {Wording.Span(now - hold.Since)}";

        yield return $"tree: {board.Tree.Config}, parent pid {board.Tree.ParentPid}, up {Wording.Span(now - board.Tree.StartedAt)}";

        var adopted = board.Services.Where(s => s is { Pid: not null, StartedAt: { } at } && at < board.Tree.StartedAt).Select(s => s.Name).ToArray();

        if (adopted.Length > 0)
            yield return $"adopted from an earlier parent, never interrupted: {string.Join(", ", adopted)}";
    }

    private static string Watcher(WatcherStatus watcher)
    {
        var parts = new List<string> { Wording.Of(watcher.State) };

        if (watcher.Pid is { } pid)
            parts.Add($"pid {pid}");

        if (watcher.Backend is { } backend)
            parts.Add($"{backend}, {Wording.Watched(watcher)}");

        if (watcher.MemoryBytes is { } memory)
            parts.Add(watcher.MemoryLimitBytes is { } limit ? $"{Wording.Size(memory)} of {Wording.Size(limit)}" : Wording.Size(memory));

        if (watcher.Restarts > 0)
            parts.Add(Wording.Count(watcher.Restarts, "restart") + (watcher.LastExit is { } exit ? $", last {Wording.Of(exit)}" : ""));

        if (WatcherRemarks.Of(watcher.Pressure) is { } pressure)
            parts.Add(pressure);

        if (watcher.Degraded)
            parts.Add("degraded: polls, because it died too often");

        return string.Join(", ", parts);
    }

    /// <summary>Watch paths whose backend has a reason, or all of them if their backends differ.</summary>
    private static IEnumerable<string> Roots(StatusReport board)
    {
        var areAlike = board.Watcher.Roots.Select(root => root.Backend).Distinct(StringComparer.Ordinal).Count() <= 1;

        return board.Watcher.Roots
            .Where(root => !areAlike || root.Reason is not null)
            .Select(root => $"{Relative(root.Path, board)}: {root.Backend}" + (root.Reason is { } reason ? $", {reason}" : ""));
    }

    // Relative to the configuration's folder where possible, as the files of services are shown.
    private static string Relative(string path, StatusReport board) =>
        Path.GetDirectoryName(board.Tree.Config) is { } folder && path.StartsWith(folder + '/', StringComparison.Ordinal) ? path[(folder.Length + 1)..] : path;

    private static string Change(LastChange change, DateTimeOffset now)
    {
        var what = change.Files.Count > 0 ? Wording.Few(change.Files, shown: 1) : change.Cause;
        return $"{what}, {Wording.Span(now - change.At)} ago";
    }

    private static Style Colour(ServiceStatus service) => service.State switch
    {
        ServicePhase.Blocked or ServicePhase.CrashLoop or ServicePhase.Failed => new Style(Color.Red),
        _ when service.Stale => new Style(Color.Yellow),
        ServicePhase.Ready or ServicePhase.Running or ServicePhase.Completed => new Style(Color.Green),
        ServicePhase.Stopped => new Style(Color.Grey),
        _ => new Style(Color.Yellow),
    };

    private sealed class SizedOutput(Screen screen) : IAnsiConsoleOutput
    {
        public TextWriter Writer => screen.Out;

        public bool IsTerminal => screen.IsTerminal;

        public int Width => screen.Width;

        public int Height => 1_000;

        public void SetEncoding(System.Text.Encoding encoding)
        {
            // Always UTF-8.
        }
    }
}
