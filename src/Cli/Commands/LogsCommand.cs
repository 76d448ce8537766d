using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Output;
using Supervisor.Configuration.Values;

namespace Supervisor.Cli.Commands;

/// <summary><c>logs</c>: the output of servers, from their hosts while the tree runs; from the log files otherwise, and for older lines.</summary>
internal static class LogsCommand
{
    private const int DefaultLast = 100;
    private const string LastChange = "last-change";
    private static readonly TimeSpan PatternDeadline = TimeSpan.FromMilliseconds(100);

    public static Command Build(CommandContext context)
    {
        var services = ServiceArgument.Any("Only these services.");
        var follow = new Option<bool>("--follow", "-f") { Description = "Continue with new lines as they arrive." };
        var last = new Option<int?>("--lines", "-n") { Description = $"How many of the newest lines of each service ({DefaultLast}; all with an option that selects lines).", HelpName = "N" };
        var since = new Option<string?>("--since") { Description = $"Only newer lines: 10m, 2h, a time such as 2026-01-31T12:00:00Z, or {LastChange}: since the service last reacted to a saved file.", HelpName = "WHEN" };
        var grep = new Option<string?>("--grep") { Description = "Only lines that match this regular expression.", HelpName = "RE" };
        var timestamps = new Option<bool>("--timestamps", "-t") { Description = "Begin every line with its time." };
        var stderr = new Option<bool>("--stderr") { Description = "Only what servers wrote to standard error." };
        var level = new Option<string?>("--level") { Description = "Only lines of this severity or a higher one: debug, info, warning or error. A line that says none counts as info.", HelpName = "LEVEL" };
        var generation = new Option<string?>("--generation", "-g") { Description = "Only what one server printed: its number as in \"supervisor why\", current, or previous.", HelpName = "N" };
        var after = new Option<string[]>("--after") { Description = "Only lines behind this cursor, of --json or --show-cursor; may be given several times.", HelpName = "CURSOR", DefaultValueFactory = _ => [] };
        var showCursor = new Option<bool>("--show-cursor") { Description = "At the end, print to standard error the cursor for the next --after." };
        var json = JsonOption.Create("one object a line");
        level.AcceptOnlyFromAmong([.. SeverityWords.Own.Keys]);
        level.CompletionSources.Add([.. SeverityWords.Own.Keys]);
        generation.CompletionSources.Add(GenerationTimes.Current, GenerationTimes.Previous);
        var command = new Command("logs", "Show what services printed.") { services, follow, last, since, grep, timestamps, stderr, level, generation, after, showCursor, json };

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var cursors = Cursors(parsed.GetValue(after)!);
            var moment = parsed.GetValue(since);
            var selects = moment is not null || cursors.Count > 0 || parsed.GetValue(generation) is not null || parsed.GetValue(level) is not null || parsed.GetValue(stderr);
            var selection = Selection(parsed.GetValue(last), moment == LastChange ? null : moment, parsed.GetValue(grep), context.Time.GetUtcNow(), selects) with
            {
                TellsPlaces = parsed.GetValue(json) || parsed.GetValue(showCursor), Stream = parsed.GetValue(stderr) ? "stderr" : null, Least = parsed.GetValue(level) is { } least ? SeverityWords.Own[least] : null,
            };
            var request = new LogRequest(selection, Generation(parsed.GetValue(generation), parsed.GetValue(follow)), moment == LastChange, cursors);
            var run = new LogRun(context, context.LocationOf(parsed), parsed.GetValue(services) ?? [], request, parsed.GetValue(timestamps) ? LineTimes.All : LineTimes.Own, parsed.GetValue(json));
            await run.ShowAsync(parsed.GetValue(follow), parsed.GetValue(showCursor), cancellationToken);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <param name="selects">Another option says which lines: all of them are wanted.</param>
    internal static LogSelection Selection(int? last, string? since, string? grep, DateTimeOffset now, bool selects = false)
    {
        if (last < 0)
            throw new CommandFailure(ExitCode.BadUsage, "--lines must not be negative.");

        return new LogSelection(
            last ?? (since is null && grep is null && !selects ? DefaultLast : null),
            since is null ? null : Moment(since, now),
            grep is null ? null : Pattern(grep));
    }

    private static string? Generation(string? wanted, bool follows)
    {
        if (wanted is null or GenerationTimes.Current)
            return wanted;

        if (wanted != GenerationTimes.Previous && !(int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0))
            throw new CommandFailure(ExitCode.BadUsage, $"--generation must be {GenerationTimes.Current}, {GenerationTimes.Previous}, or a number as \"supervisor why\" shows it (#3: 3), but is {wanted}.");

        return follows ? throw new CommandFailure(ExitCode.BadUsage, $"Only --generation {GenerationTimes.Current} can be followed: an earlier server prints nothing more.") : wanted;
    }

    private static List<LogCursor> Cursors(string[] written)
    {
        var cursors = new List<LogCursor>();

        foreach (var text in written.SelectMany(it => it.Split(',')))
        {
            var cursor = LogCursor.TryParse(text)
                ?? throw new CommandFailure(ExitCode.BadUsage, $"--after must be a cursor as \"supervisor logs --json\" and --show-cursor print it, such as web@2026-01-31T12:00:00.123456Z+1, but is {text}.");

            if (cursors.Exists(other => other.Service == cursor.Service))
                throw new CommandFailure(ExitCode.BadUsage, $"--after has two cursors of {cursor.Service}; give the newest.");

            cursors.Add(cursor);
        }

        return cursors;
    }

    private static DateTimeOffset Moment(string text, DateTimeOffset now)
    {
        if (Duration.Between(TimeSpan.Zero, TimeSpan.FromDays(365))(text) is { IsValid: true } ago)
            return now - ago.Value;

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var at)
            ? at
            : throw new CommandFailure(ExitCode.BadUsage, "--since must be a duration such as 10m, a time such as 2026-01-31T12:00:00Z, or last-change.");
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
}
