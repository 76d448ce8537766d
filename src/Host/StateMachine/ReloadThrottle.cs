using System.Collections.Immutable;

namespace Supervisor.Host.StateMachine;

/// <summary>
/// Delays the reloads of a service that causes them itself: its start writes files that it watches. The writer is not known, but only for such a service
/// do the same files change right after each start. After five such reloads in a row the sixth waits a few seconds: short enough not to annoy, and long
/// enough for a user who saves quickly to save again, which distinguishes the two. If the same change follows that start, the next reload waits until one
/// minute has passed without a change, the one after it two minutes, up to 16. Ends with the first change of the files that no start can have caused.
/// Pure. No reload is lost.
/// </summary>
/// <param name="Reloads">In a row, each for a change right after a start.</param>
/// <param name="Since">When the first of them began; <paramref name="Latest"/>: the last.</param>
/// <param name="AfterStart">How long after a start the first change came.</param>
/// <param name="Files">The files that changed; null: other files each time.</param>
internal sealed record ReloadThrottle(int Reloads, TimeSpan Since, TimeSpan Latest, TimeSpan AfterStart, ImmutableHashSet<string>? Files)
{
    public static readonly ReloadThrottle None = new(0, default, default, default, ImmutableHashSet.Create<string>(StringComparer.Ordinal));

    /// <summary>A change within this time after readiness, or after a start without a probe, may be caused by the start.</summary>
    public static readonly TimeSpan StartWindow = TimeSpan.FromSeconds(2);

    private const int HoldAfter = 5;
    private const int MaxFiles = 100;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan MixedFilesPause = TimeSpan.FromSeconds(10);

    /// <summary>What it does to the next such reload.</summary>
    public ReloadHold Hold => Reloads switch
    {
        < HoldAfter => ReloadHold.None,
        HoldAfter => ReloadHold.Brief,
        _ => ReloadHold.Long,
    };

    /// <summary>How long no further change may come before the reload starts.</summary>
    public TimeSpan Pause => Reloads switch
    {
        < HoldAfter => TimeSpan.Zero,
        HoldAfter => FirstPause,
        _ when Files is null => MixedFilesPause,
        _ => TimeSpan.FromMinutes(1 << Math.Min(Reloads - HoldAfter - 1, 4)),
    };

    /// <summary>The change is like those before it.</summary>
    /// <param name="files">Empty if the files are not known.</param>
    public bool Matches(IReadOnlyList<string> files, TimeSpan afterStart) =>
        Reloads == 0 || (IsSameDelay(afterStart) && (Reloads < HoldAfter || Files is null || Files.IsSupersetOf(files)));

    /// <summary>Another process writes the files too.</summary>
    public ReloadThrottle WithExternalChange(IReadOnlyList<string> files) => Files is null || Files.Overlaps(files) ? None : this;

    /// <summary>A client waits for the service and may continue right after a start.</summary>
    public ReloadThrottle WithWaitingClient() => Hold == ReloadHold.Long ? this : None;

    public ReloadThrottle WithReload(TimeSpan now, PendingReload reload)
    {
        // The reload has another reason, but a held change was merged into it: the server still writes its files.
        if (reload.AfterStart is not { } afterStart)
            return reload.WasHeld ? this : None;

        var first = Reloads == 0 ? new ReloadThrottle(0, now, now, afterStart, Files) : this;
        return first with { Reloads = Reloads + 1, Latest = now, Files = reload.IsUnseen ? Files : WithFiles(reload.Files) };
    }

    private ImmutableHashSet<string>? WithFiles(IReadOnlyList<string> files) =>
        Files is { Count: <= MaxFiles } && (Files.IsEmpty || Files.Overlaps(files)) ? Files.Union(files) : null;

    // A slow start writes late, but always after about the same time; a user does not.
    private bool IsSameDelay(TimeSpan afterStart) =>
        (afterStart <= StartWindow && AfterStart <= StartWindow) || (afterStart - AfterStart).Duration() <= AfterStart / 5;
}

/// <summary>How long the throttle keeps a reload back. While it does, the service is stale, and its reason says so.</summary>
internal enum ReloadHold
{
    None,

    /// <summary>A few seconds: whoever waits for the service waits for that reload too.</summary>
    Brief,

    /// <summary>Ten seconds to minutes: nobody waits for it.</summary>
    Long,
}
