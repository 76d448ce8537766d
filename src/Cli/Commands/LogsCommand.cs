using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Output;
using Supervisor.Cli.Stored;
using Supervisor.Configuration.Values;

namespace Supervisor.Cli.Commands;

/// <summary><c>logs</c>: the output of servers, from their hosts while the tree runs; from the log files otherwise, and for older lines.</summary>
internal static class LogsCommand
{
    private const int DefaultLast = 100;
    private static readonly TimeSpan PatternDeadline = TimeSpan.FromMilliseconds(100);

    public static Command Build(CommandContext context)
    {
        var services = ServiceArgument.Any("Only these services.");
        var follow = new Option<bool>("--follow", "-f") { Description = "Continue with new lines as they arrive." };
        var last = new Option<int?>("--lines", "-n") { Description = $"How many of the newest lines of each service ({DefaultLast}; all with --since or --grep).", HelpName = "N" };
        var since = new Option<string?>("--since") { Description = "Only newer lines: 10m, 2h, or a time such as 2026-01-31T12:00:00Z.", HelpName = "WHEN" };
        var grep = new Option<string?>("--grep") { Description = "Only lines that match this regular expression.", HelpName = "RE" };
        var timestamps = new Option<bool>("--timestamps", "-t") { Description = "Begin every line with its time." };
        var command = new Command("logs", "Show what services printed.") { services, follow, last, since, grep, timestamps };

        command.SetAction((parsed, cancellationToken) => RunAsync(
            context, context.LocationOf(parsed), parsed.GetValue(services) ?? [],
            Selection(parsed.GetValue(last), parsed.GetValue(since), parsed.GetValue(grep), context.Time.GetUtcNow()),
            parsed.GetValue(follow), parsed.GetValue(timestamps) ? LineTimes.All : LineTimes.Own, cancellationToken));
        return command;
    }

    internal static LogSelection Selection(int? last, string? since, string? grep, DateTimeOffset now)
    {
        if (last < 0)
            throw new CommandFailure(ExitCode.BadUsage, "--lines must not be negative.");

        return new LogSelection(
            last ?? (since is null && grep is null ? DefaultLast : null),
            since is null ? null : Moment(since, now),
            grep is null ? null : Pattern(grep));
    }

    private static DateTimeOffset Moment(string text, DateTimeOffset now)
    {
        if (Duration.Between(TimeSpan.Zero, TimeSpan.FromDays(365))(text) is { IsValid: true } ago)
            return now - ago.Value;

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var at)
            ? at
            : throw new CommandFailure(ExitCode.BadUsage, "--since must be a duration such as 10m, or a time such as 2026-01-31T12:00:00Z.");
    }

    private static Regex Pattern(string text)
    {
        try
        {
            return new Regex(text, RegexOptions.CultureInvariant, PatternDeadline);
        }
        catch (ArgumentException e)
        {
            throw new CommandFailure(ExitCode.BadUsage, $"--grep is not a regular expression: {e.Message}", inner: e);
        }
    }

    private static async Task<int> RunAsync(
        CommandContext context, TreeLocation location, string[] asked, LogSelection selection, bool follow, LineTimes times,
        CancellationToken cancellationToken)
    {
        await using var link = await context.TryConnectAsync(location, cancellationToken);

        if (follow && link is null)
            throw location.NotRunning();

        var known = link?.Names ?? new StoredTree(location, context.Time).Names;
        var services = asked.Length == 0 ? known.Services : known.Resolve(asked);

        if (link is null)
            context.Screen.Error.WriteLine(StoredService.NotRunning(location.ConfigPath));

        var viewing = new LogView(context, location, link, services, selection, times);

        await viewing.ShowHistoryAsync(cancellationToken);

        if (follow)
            await viewing.FollowAsync(cancellationToken);

        return (int)ExitCode.Ok;
    }
}
