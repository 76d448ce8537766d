using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Foreground;

/// <summary>
/// Reminds of services whose old code serves: after half a minute, then after twice the time of the last reminder, at least every ten minutes. A refusal that is
/// scrolled away would look like saved code that runs. Not thread-safe.
/// </summary>
internal sealed class StaleReminders
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Stale> _stale = new(StringComparer.Ordinal);

    /// <param name="now">On a clock that only goes forward.</param>
    public IReadOnlyList<Notice> Due(IReadOnlyList<ServiceStatus> services, TimeSpan now)
    {
        var due = new List<Notice>();

        foreach (var service in services)
        {
            if (!service.Stale)
                _stale.Remove(service.Name);
            else if (!_stale.TryGetValue(service.Name, out var stale) || stale.Reason != service.Reason)
                _stale[service.Name] = new Stale(service.Reason, now, now + First, First);
            else if (stale.Next <= now)
                due.Add(Remind(service, stale, now));
        }

        return due;
    }

    private Notice Remind(ServiceStatus service, Stale stale, TimeSpan now)
    {
        var pause = stale.Pause * 2 < Longest ? stale.Pause * 2 : Longest;
        _stale[service.Name] = stale with { Next = now + pause, Pause = pause };

        var why = service.Reason is { } reason ? $": {Headline.Of(reason)}" : "";
        return new(service.Name, $"{HostLines.Warning}stale for {Wording.Span(now - stale.Since)}, the old code serves{why}", Tone.Warning);
    }

    private sealed record Stale(string? Reason, TimeSpan Since, TimeSpan Next, TimeSpan Pause);
}
