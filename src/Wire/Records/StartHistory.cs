using System.Collections.Immutable;

namespace Supervisor.Wire.Records;

/// <summary>When a service was started again within the last day, read from its restart ledger; so it goes back over hosts and trees. Immutable.</summary>
public sealed class StartHistory
{
    public static readonly StartHistory Empty = new([]);

    /// <summary>The longest time that is counted.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromDays(1);

    /// <summary>A start every 17 s for a whole day; older ones are not counted.</summary>
    private const int Capacity = 5_000;

    private readonly ImmutableQueue<(DateTimeOffset At, bool IsReload)> _starts;
    private readonly int _count;

    private StartHistory(ImmutableQueue<(DateTimeOffset At, bool IsReload)> starts, int count = 0)
    {
        _starts = starts;
        _count = count;
    }

    /// <summary>An entry that is no restart and no reload changes nothing.</summary>
    public StartHistory With(LedgerEntry entry)
    {
        bool? isReload = entry switch
        {
            { Event: "reloaded" } => true,
            { Event: "started", Cause: "crash" or "oom" or "probe" or "hung" or "memory" or "link" or "spawn" } => false,
            _ => null,
        };

        if (isReload is not { } reload)
            return this;

        var (starts, count) = (_starts.Enqueue((entry.At, reload)), _count + 1);

        while (count > Capacity || entry.At - starts.Peek().At > Period)
            (starts, count) = (starts.Dequeue(), count - 1);

        return new StartHistory(starts, count);
    }

    public RestartRates RatesAt(DateTimeOffset now) => new(
        Count(now, TimeSpan.FromHours(1), isReload: false), Count(now, TimeSpan.FromHours(1), isReload: true),
        Count(now, Period, isReload: false), Count(now, Period, isReload: true));

    private int Count(DateTimeOffset now, TimeSpan within, bool isReload) => _starts.Count(start => start.IsReload == isReload && now - start.At <= within);
}
