using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher.Links;

/// <summary>What waits for the rename that ends a save. It stays pending, so the log does not have it: a later watcher finds it again.</summary>
internal sealed partial class Outbox
{
    private readonly AwaitedRenames _renames = new();

    /// <summary>Few enough changes are pending for a save.</summary>
    public bool MayBeSave => _pending.Count <= AwaitedRenames.MaxPending;

    /// <summary>Half of a save has been recorded.</summary>
    public void AwaitRename(string path, TimeSpan now) => _renames.Await(path, now);

    /// <summary>Whether the last batch left the path there; null: nothing about it is pending.</summary>
    public bool? WasThere(string path) => _pending.TryGetBefore(path, out var before) ? before is not null : null;

    /// <summary>When the first of them counts; null: something else is pending too.</summary>
    private TimeSpan? OnlyAwaitsUntil(TimeSpan now)
    {
        if (_lostTrack is not null || _owesCursor)
            return null;

        var held = HeldForRename(now);
        return held.Count > 0 && _pending.All.All(change => change.IsDirectory || held.ContainsKey(change.Path)) ? held.Values.Min() : null;
    }

    /// <summary>Whoever is reloaded anyway is told of everything: what waits must not cost a second reload.</summary>
    private IReadOnlyList<NetChange> TakeReady(ServiceChangeBuilder tally, TimeSpan now, bool isHurried)
    {
        var held = isHurried ? null : HeldForRename(now);
        var ready = _pending.Take(_window.Room, change => held?.ContainsKey(change.Path) != true);
        tally.Add(ready);

        if (held is null or { Count: 0 })
            return ready;

        var along = _pending.Take(_window.Room - ready.Count, tally.Concerns);
        tally.Add(along);
        return [.. ready, .. along];
    }

    private IReadOnlyDictionary<string, TimeSpan> HeldForRename(TimeSpan now) => _renames.Held(MayBeSave ? _pending.All : [], now);
}
