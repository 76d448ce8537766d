using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Output;

/// <summary>One <c>supervisor logs</c>: first the earlier lines, merged by time, then new ones. Not thread-safe: its command owns it.</summary>
/// <param name="selections">Of the services that are shown.</param>
internal sealed class LogView(CommandContext context, TreeLocation location, ControlLink? link, IReadOnlyDictionary<string, LogSelection> selections, ILogFormat format)
{
    private readonly Dictionary<string, LogLine> _readUntil = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LogCursor> _cursors = new(StringComparer.Ordinal);

    /// <summary>The last line of each service that was read, shown or not; where none was, the one after which nothing was to be shown.</summary>
    public IEnumerable<LogCursor> Cursors => selections.Select(it => _cursors.GetValueOrDefault(it.Key) ?? it.Value.After).OfType<LogCursor>();

    /// <returns>How many lines it has shown.</returns>
    public async Task<int> ShowHistoryAsync(CancellationToken cancellationToken)
    {
        var sources = new List<(string, IEnumerable<ReadLine>)>();
        var shown = 0;

        foreach (var (service, selection) in selections)
        {
            var lines = ReadLines.Of(await HistoryAsync(service, selection, cancellationToken), withSeverity: selection.Least is not null || format.NeedsFacts);
            sources.Add((service, selection.From(Marked(service, selection.After, lines))));
        }

        foreach (var (service, line) in LogSelection.Merge(sources).TakeWhile(_ => !context.Screen.Reader.IsGone))
        {
            context.Screen.Out.Write(format.Of(service, line));
            shown++;
        }

        return shown;
    }

    /// <summary>Returns when the tree ends, or when nobody reads the output any more.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var gone = context.Screen.Reader.WhenGone(ending.Cancel);
        var following = selections.Keys.Select(service => FollowAsync(service, ending.Token)).ToArray();

        await Task.WhenAny(link!.Ended, Task.WhenAll(following));
        await ending.CancelAsync();
        await Task.WhenAll(following);

        if (!context.Screen.Reader.IsGone)
            context.Screen.Error.WriteLine("The tree has stopped.");
    }

    private async Task FollowAsync(string service, CancellationToken stopping)
    {
        var output = new HostOutput(link!, service, context.Time);

        if (_readUntil.TryGetValue(service, out var last) && last.Number > 0)
            output.SkipUntil(last.At, last.Number);
        else if (last is not null)
            output.SkipUntil(last.At);

        var view = new OutputView(service, format, selections[service] with { After = null }, ShowAsync);

        if (_cursors.TryGetValue(service, out var shown))
            view.Continue(shown);

        try
        {
            await output.FollowAsync(view, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The tree has ended, or Ctrl-C.
        }
    }

    private ValueTask ShowAsync(ReadOnlyMemory<byte> text)
    {
        context.Screen.Out.WriteBytes(text.Span);
        return ValueTask.CompletedTask;
    }

    /// <summary>All lines from which to select: the host's newest ones, preceded by older ones from the log files.</summary>
    private async Task<IEnumerable<LogLine>> HistoryAsync(string service, LogSelection selection, CancellationToken cancellationToken)
    {
        var held = link is null ? [] : await new HostOutput(link, service, context.Time).HeldAsync(selection.IsMetBy, cancellationToken);
        var files = LogFile.Read(location.Runtime.LogFile(service));

        return WholeLines.Of(Noted(service, held switch
        {
            [] => files,
            _ when selection.IsMetBy(held) => held,
            _ => LogHistory.Of(files, held),
        }));
    }

    private IEnumerable<ReadLine> Marked(string service, LogCursor? after, IEnumerable<ReadLine> lines)
    {
        foreach (var line in lines)
        {
            if (after?.IsBefore(line) == true && !_cursors.ContainsKey(service))
                context.Screen.Error.WriteLine($"{service}: the line of this cursor is not kept any more, so lines may be missing; what follows begins with the oldest that is.");

            _cursors[service] = LogCursor.Of(service, line);
            yield return line;
        }
    }

    private IEnumerable<LogLine> Noted(string service, IEnumerable<LogLine> lines)
    {
        foreach (var line in lines)
        {
            _readUntil[service] = line;
            yield return line;
        }
    }
}
