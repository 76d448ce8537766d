using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Output;

/// <summary>One <c>supervisor logs</c>: first the earlier lines, merged by time, then new ones. Not thread-safe: its command owns it.</summary>
internal sealed class LogView(CommandContext context, TreeLocation location, ControlLink? link, IReadOnlyList<string> services, LogSelection selection, LineTimes times)
{
    private readonly LineFormat _format = new(services, new Palette(context.Screen.Coloured), new LineClock(context.Time.LocalTimeZone, times)) { IsForTerminal = context.Screen.IsTerminal };
    private readonly Dictionary<string, LogLine> _readUntil = new(StringComparer.Ordinal);

    public async Task ShowHistoryAsync(CancellationToken cancellationToken)
    {
        var sources = new List<(string, IEnumerable<LogLine>)>();

        foreach (var service in services)
            sources.Add((service, selection.From(await HistoryAsync(service, cancellationToken))));

        foreach (var (service, line) in LogSelection.Merge(sources).TakeWhile(_ => !context.Screen.Reader.IsGone))
            context.Screen.Out.Write(_format.Of(service, line));
    }

    /// <summary>Returns when the tree ends, or when nobody reads the output any more.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var gone = context.Screen.Reader.WhenGone(ending.Cancel);
        var following = services.Select(service => FollowAsync(service, ending.Token)).ToArray();

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
        var held = link is null ? [] : await new HostOutput(link, service, context.Time).HeldAsync(selection.IsMetBy, cancellationToken);
        var files = LogFile.Read(location.Runtime.LogFile(service));

        return WholeLines.Of(Noted(service, held switch
        {
            [] => files,
            _ when selection.IsMetBy(held) => held,
            _ => LogHistory.Of(files, held),
        }));
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
