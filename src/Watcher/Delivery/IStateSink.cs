namespace Supervisor.Watcher.Delivery;

/// <summary>
/// Where the loaded state map goes: one entry a call, no path string is made for it. Called only after the whole file was found good, from
/// the loading thread. Of the same path the last call counts. Parents come before their children when set, after them when removed.
/// </summary>
public interface IStateSink
{
    /// <param name="path">Absolute, as <see cref="Filtering.FileName"/> decodes it; valid during the call only.</param>
    void Set(ReadOnlySpan<char> path, in FileState state);

    /// <summary>Exactly this path is gone; entries beneath it are removed by separate calls.</summary>
    void Remove(ReadOnlySpan<char> path);
}
