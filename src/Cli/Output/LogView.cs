using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Output;

/// <summary>One <c>supervisor logs</c>: first the earlier lines, merged by time, then new ones. Not thread-safe: its command owns it.</summary>
internal sealed class LogView(CommandContext context, TreeLocation location, ControlLink? link, IReadOnlyList<string> services, LogSelection selection, LineTimes times)
{
    private readonly LineFormat _format = new(services, new Palette(context.Screen.Coloured), new LineClock(context.Time.LocalTimeZone, times));
    private readonly Dictionary<string, LogLine> _shownUntil = new(StringComparer.Ordinal);

    public async Task ShowHistoryAsync(CancellationToken cancellationToken)
    {
        var sources = new List<(string, IEnumerable<LogLine>)>();

        foreach (var service in services)
            sources.Add((service, selection.From(await HistoryAsync(service, cancellationToken))));

        foreach (var (service, line) in LogSelection.Merge(sources))
            context.Screen.Out.Write(_format.Of(service, line));
    }

    /// <summary>Returns when the tree ends.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = services.Select(service => FollowAsync(service, ending.Token)).ToArray();

        await Task.WhenAny(link!.Ended, Task.WhenAll(following));
        await ending.CancelAsync();
        await Task.WhenAll(following);
        context.Screen.Error.WriteLine("The tree has stopped.");
    }

    private async Task FollowAsync(string service, CancellationToken stopping)
    {
        var output = new HostOutput(link!, service, context.Time);

        if (_shownUntil.TryGetValue(service, out var last))
            output.SkipUntil(last.At, last.Number);

        try
        {
            await output.FollowAsync(new OutputView(service, _format, selection, ShowAsync), stopping);
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
    private async Task<IEnumerable<LogLine>> HistoryAsync(string service, CancellationToken cancellationToken)
    {
        var page = link is null ? null : await new HostOutput(link, service, context.Time).NewestAsync(cancellationToken);
        var files = LogFile.Read(location.Runtime.LogFile(service));

        if (page is null)
            return files;

        if (page.Lines.Count > 0)
            _shownUntil[service] = page.Lines[^1];

        return selection.IsMetBy(page) || page.Lines.Count == 0
            ? page.Lines
            : files.TakeWhile(line => line.At < page.Lines[0].At).Concat(page.Lines);
    }
}
