using Supervisor.Cli.Output;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Foreground;

/// <summary>
/// What a foreground run tells by the clock: how the start went, what it waits for, what is still stale. Not thread-safe: the loop of the run owns it.
/// </summary>
/// <param name="starting">The services whose start is summed up; empty: none.</param>
/// <param name="begun">When the start began, on the same clock as every other time here.</param>
internal sealed class Notices(IReadOnlyList<ServiceSpec> starting, TimeSpan begun)
{
    /// <summary>Shorter waits are not worth a line.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(500);

    /// <summary>A start that takes longer says what it waits for.</summary>
    private static readonly TimeSpan SlowStart = TimeSpan.FromSeconds(10);

    /// <summary>How long the summary waits for the lines that services write about their own start.</summary>
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(5);

    private readonly StaleReminders _stale = new();
    private readonly Dictionary<string, Patience> _pending = new(StringComparer.Ordinal);
    private readonly Patience _slowStart = new(SlowStart);
    private readonly Patience _stop = new(Wait);

    private bool _isStarting = starting.Count > 0;
    private bool _isStopping;
    private TimeSpan? _startedAt;

    /// <summary>Whether <see cref="Due"/> should be called soon although nothing changes.</summary>
    public bool HavePending(StatusReport board) =>
        _isStarting || _isStopping || board.Services.Any(service => service.Stale || service.State is ServicePhase.Pending);

    /// <summary>From now on only the stop is told.</summary>
    public void BeginStop() => _isStopping = true;

    /// <param name="isShown">Whether the line of a service about its own start has been shown.</param>
    public IReadOnlyList<Notice> Due(StatusReport board, TimeSpan now, Func<ServiceStatus, bool> isShown) => _isStopping
        ? [.. Stopping(board, now)]
        : [.. Pending(board, now), .. Starting(board, now, isShown), .. _stale.Due(board.Services, now)];

    private IEnumerable<Notice> Stopping(StatusReport board, TimeSpan now)
    {
        var waitingFor = BoardChanges.StillWaitingFor(board);

        if (_stop.IsDue(waitingFor, now))
            yield return Own(waitingFor!);
    }

    private IEnumerable<Notice> Pending(StatusReport board, TimeSpan now)
    {
        foreach (var service in board.Services)
        {
            if (!_pending.TryGetValue(service.Name, out var patience))
                _pending[service.Name] = patience = new Patience(Wait);

            if (patience.IsDue(service is { State: ServicePhase.Pending, Reason.Length: > 0 } ? service.Reason : null, now))
                yield return new(service.Name, $"pending: {service.Reason}", Tone.Plain);
        }
    }

    private IEnumerable<Notice> Starting(StatusReport board, TimeSpan now, Func<ServiceStatus, bool> isShown)
    {
        if (!_isStarting)
            yield break;

        var services = starting.Select(spec => board.Services.FirstOrDefault(service => service.Name == spec.Name)).OfType<ServiceStatus>().ToArray();

        if (!StartedServices.HaveSettled(starting, services))
        {
            _startedAt = null;

            if (_slowStart.IsDue(StartSummary.NamesWaitedFor(services), now))
                yield return Own(StartSummary.WaitingFor(services)!);

            yield break;
        }

        _startedAt ??= now;

        if (now - _startedAt < CatchUp && !services.All(service => StartSummary.IsUnderWay(service) || isShown(service)))
            yield break;

        _isStarting = false;
        var parts = StartSummary.Of(services, _startedAt.Value - begun, StartedServices.Addresses(starting, services));
        yield return new(LineFormat.OwnName, parts);
    }

    private static Notice Own(string text) => new(LineFormat.OwnName, text, Tone.Plain);
}
