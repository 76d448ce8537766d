using Supervisor.Filtering;

namespace Supervisor.Watcher.Delivery;

/// <summary>
/// The spans in which each service may have read a state that no stat of ours saw: a file created and deleted, or changed and changed back. One span per
/// service. It need not be known whether a stat then finds a difference: the change reported for it stands for the span as well. Owned by
/// the loop.
/// </summary>
public sealed class UnseenSpans(WatchFilter filter)
{
    private readonly (DateTimeOffset Since, DateTimeOffset Until)?[] _spans = new (DateTimeOffset, DateTimeOffset)?[filter.Services.Count];
    private readonly List<int> _wanting = [];

    public bool IsEmpty { get; private set; } = true;

    /// <param name="interest">Of the directory that the file is in.</param>
    public void AddFile(DirectoryInterest interest, ReadOnlySpan<char> file, UnseenSpan span)
    {
        // In a storm the exact services do not matter: a span too many costs a service nothing.
        if (interest.SingleNames.Count == 0 && AreMarked(interest, span))
        {
            Mark(interest.ServiceIndexes, span);
            return;
        }

        _wanting.Clear();
        filter.AddServices(interest, file.ToString(), _wanting);
        Mark(_wanting, span);
    }

    /// <summary>The directory itself appeared, disappeared, or was not watched: anything may have been in it.</summary>
    /// <param name="interest">Of the directory, or of the one that it is in.</param>
    public void AddDirectory(DirectoryInterest interest, ReadOnlySpan<char> directory, UnseenSpan span)
    {
        _wanting.Clear();
        filter.AddServicesWithRootsIn(directory.ToString(), _wanting);
        Mark(_wanting, span);
        Mark(interest.ServiceIndexes, span);
    }

    /// <summary>Another watcher has delivered everything before the moment.</summary>
    public void ForgetUntil(DateTimeOffset moment)
    {
        IsEmpty = true;

        for (var service = 0; service < _spans.Length; service++)
        {
            if (_spans[service] is not { } span)
                continue;

            _spans[service] = span.Until <= moment ? null : (span.Since > moment ? span.Since : moment, span.Until);
            IsEmpty &= _spans[service] is null;
        }
    }

    /// <summary>Empties itself into a batch.</summary>
    /// <param name="unknownBefore">
    /// The state at that moment is unknown (the log was lost): a span that begins before it may hide a removal, so it becomes lost track.
    /// </param>
    public void MoveTo(ServiceChangeBuilder tally, DateTimeOffset? unknownBefore)
    {
        for (var service = 0; service < _spans.Length; service++)
        {
            if (_spans[service] is { } span && span.Since <= unknownBefore)
                tally.LostTrack(service);
            else if (_spans[service] is { } seen)
                tally.Unseen(service, new UnseenSpan(seen.Since, seen.Until));

            _spans[service] = null;
        }

        IsEmpty = true;
    }

    private bool AreMarked(DirectoryInterest interest, UnseenSpan span)
    {
        foreach (var service in interest.ServiceIndexes)
        {
            if (_spans[service] is not { } known || known.Since > span.Since)
                return false;
        }

        return true;
    }

    private void Mark(IReadOnlyList<int> services, UnseenSpan span)
    {
        for (var i = 0; i < services.Count; i++)
        {
            if (filter.IsContentOnly(services[i]))
                continue;

            var (since, until) = _spans[services[i]] ?? (span.Since, span.Until);
            _spans[services[i]] = (since < span.Since ? since : span.Since, until > span.Until ? until : span.Until);
            IsEmpty = false;
        }
    }
}
