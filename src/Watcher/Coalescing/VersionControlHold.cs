using System.Runtime.InteropServices;

namespace Supervisor.Watcher.Coalescing;

/// <summary>What a running version-control operation means for the pending batch.</summary>
/// <param name="Until">Hold the batch until then at the latest; null: do not hold.</param>
/// <param name="Stale">Locks that outlived the cap and deserve a warning; each is returned once.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct VersionControlDecision(TimeSpan? Until, IReadOnlyList<string> Stale);

/// <summary>
/// While git or Mercurial rewrites the tree, its marker files lie in its folder; the batch is held, so that a checkout of 5,000 files or a
/// rebase of 30 commits is one reload. A marker holds for 10 s from its appearance and not again until it has gone: a rebase that stopped
/// for the user to edit, or the lock of a killed git, must not keep saved files from the server. Owned by the loop.
/// </summary>
public sealed class VersionControlHold
{
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Marker> _markers = new(StringComparer.Ordinal);

    /// <summary>Names inside <c>.git</c> (or the folder that a <c>.git</c> file points to).</summary>
    public static IReadOnlyList<string> GitMarkers { get; } = [IndexLock, "rebase-merge", "rebase-apply"];

    /// <summary>Names inside <c>.hg</c>.</summary>
    public static IReadOnlyList<string> MercurialMarkers { get; } = [WorkingCopyLock];

    private const string IndexLock = "index.lock";
    private const string WorkingCopyLock = "wlock";

    /// <summary>Somebody has looked whether the marker is there.</summary>
    /// <param name="marker">Absolute path.</param>
    public void Seen(string marker, bool exists, TimeSpan now)
    {
        if (!exists)
            _markers.Remove(marker);
        else if (!_markers.ContainsKey(marker))
            _markers.Add(marker, new Marker(now + Cap, IsReported: false));
    }

    public VersionControlDecision Decide(TimeSpan now)
    {
        TimeSpan? until = null;
        List<string>? stale = null;

        foreach (var (path, marker) in _markers)
        {
            if (marker.HoldsUntil > now)
            {
                until = until > marker.HoldsUntil ? until : marker.HoldsUntil;
            }
            else if (!marker.IsReported && IsLock(path))
            {
                (stale ??= []).Add(path);
                _markers[path] = marker with { IsReported = true };
            }
        }

        return new VersionControlDecision(until, stale ?? []);
    }

    // An unfinished rebase is the user's business; a stale lock stops every later git command.
    private static bool IsLock(string path) =>
        path.EndsWith('/' + IndexLock, StringComparison.Ordinal) || path.EndsWith('/' + WorkingCopyLock, StringComparison.Ordinal);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Marker(TimeSpan HoldsUntil, bool IsReported);
}
