using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher.Coalescing;

public enum ChangeKind
{
    Added,
    Modified,
    Removed,
}

/// <summary>
/// The net effect on one path since the last batch. At least one of the two states is present.
/// </summary>
/// <param name="Before">As the last batch left it; null: it was not there.</param>
/// <param name="After">Null: it is gone.</param>
public sealed record NetChange(string Path, FileState? Before, FileState? After)
{
    public ChangeKind Kind => (Before, After) switch
    {
        (null, _) => ChangeKind.Added,
        (_, null) => ChangeKind.Removed,
        _ => ChangeKind.Modified,
    };

    /// <summary>Neither state is anything but a directory: relevant to no service by itself, its files are.</summary>
    public bool IsDirectory => Before is null or { Kind: FileKind.Directory } && After is null or { Kind: FileKind.Directory };
}
