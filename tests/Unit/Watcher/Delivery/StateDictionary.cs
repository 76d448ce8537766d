using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Unit.Watcher.Delivery;

/// <summary>A state map for tests: takes what the log gives and can be changed as a batch says.</summary>
internal sealed class StateDictionary : Dictionary<string, FileState>, IStateSink
{
    public StateDictionary()
        : base(StringComparer.Ordinal)
    {
    }

    public StateDictionary(StateDictionary other)
        : base(other, StringComparer.Ordinal)
    {
    }

    public void Set(ReadOnlySpan<char> path, in FileState state) => this[path.ToString()] = state;

    public void Remove(ReadOnlySpan<char> path) => base.Remove(path.ToString());

    public void Apply(IEnumerable<NetChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.After is { } after)
                this[change.Path] = after;
            else
                base.Remove(change.Path);
        }
    }

    public void WriteTo(SnapshotWriter writer)
    {
        foreach (var (path, state) in this.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            writer.Add(path, state);
    }
}
