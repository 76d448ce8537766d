using System.Globalization;

namespace Supervisor.Cli.Rendering;

/// <summary>The table of <c>supervisor status</c> with its remarks. The rows are pure; only writing uses the screen.</summary>
internal static class StatusTable
{
    private const int ShownPorts = 3;

    private static readonly TableColumn[] Columns =
    [
        new("SERVICE"), new("STATE"), new("PID", LeftOut: 6), new("PORTS", LeftOut: 8), new("UP", LeftOut: 5), new("RELOADS", LeftOut: 4),
        new("RESTARTS", LeftOut: 3), new("MEMORY", LeftOut: 2), new("CPU", LeftOut: 1), new("LAST CHANGE", LeftOut: 7, Shortest: 20),
    ];

    public static void Write(Screen screen, StatusReport board, DateTimeOffset now) => Write(screen, board.Services, StatusRemarks.Of(board, now), now);

    public static void Write(Screen screen, IEnumerable<ServiceStatus> services, IEnumerable<string> remarks, DateTimeOffset now)
    {
        var palette = new Palette(screen.Coloured);
        var table = TableLines.Of(Columns, services.Select(service => Cells(service, now, palette)), screen.Width);
        var lines = remarks.SelectMany(remark => WrappedText.Lines(remark, screen.Width));

        // One write: a table in parts would flicker with --follow.
        screen.Out.Write(string.Join('\n', [.. table, "", .. lines, ""]));
    }

    internal static TableCell[] Cells(ServiceStatus service, DateTimeOffset now, Palette palette) =>
    [
        new(service.Name),
        new(Wording.Of(service.State) + (service.Stale ? ", stale" : "")) { Paint = shown => Coloured(service, shown, palette) },
        new(service.Pid?.ToString(CultureInfo.InvariantCulture) ?? ""),
        new(Ports(service.Ports)),
        new(service is { Pid: not null, StartedAt: { } started } ? Wording.Span(now - started) : ""),
        new(service.Reloads.ToString(CultureInfo.InvariantCulture)),
        new(service.Restarts.ToString(CultureInfo.InvariantCulture)),
        new(Wording.Size(service.MemoryBytes)),
        new(Wording.Percent(service.CpuPercent)),
        service.LastChange is { } change ? Change(change, now) : new(""),
    ];

    private static string Ports(IReadOnlyList<int> ports) =>
        string.Join(',', ports.Take(ShownPorts)) + (ports.Count > ShownPorts ? $",+{ports.Count - ShownPorts}" : "");

    private static TableCell Change(LastChange change, DateTimeOffset now)
    {
        var ago = $", {Wording.Span(now - change.At)} ago";
        var what = change.Cause == Wording.EnvFile ? Wording.EnvFile + " " : "";

        return change.Files.Count switch
        {
            0 => new(change.Cause, ago),
            1 => new(what + change.Files[0], ago),
            var count => new(what + change.Files[0], $" and {count - 1} more{ago}", ago),
        };
    }

    private static string Coloured(ServiceStatus service, string text, Palette palette) => service.State switch
    {
        ServicePhase.Blocked or ServicePhase.CrashLoop or ServicePhase.Failed or ServicePhase.Unhealthy => palette.Bad(text),
        _ when service.Stale => palette.Warning(text),
        ServicePhase.Ready or ServicePhase.Running or ServicePhase.Completed => palette.Good(text),
        ServicePhase.Stopped => palette.Faint(text),
        _ => palette.Warning(text),
    };
}
