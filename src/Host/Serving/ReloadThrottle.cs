using System.Collections.Immutable;

namespace Supervisor.Host.Serving;

/// <summary>
/// Holds a service back that reloads itself: one whose start writes files that it watches. Nobody can see who writes; but only of such a service the
/// same files change right after each start. After five reloads of that kind in a row the sixth waits, shorter than a nuisance, and long enough for
/// a person who saves fast to save once more, which tells the two apart. If its start is followed by the same change, the next reload waits for a
/// quiet minute, the one after it for two, up to 16. Over with the first change of the files that no start can have caused. Pure. No reload is lost.
/// </summary>
/// <param name="Reloads">In a row, each for a change right after a start.</param>
/// <param name="Since">When the first of them began; <paramref name="Latest"/> the last.</param>
/// <param name="AfterStart">How long after a start the first change came.</param>
/// <param name="Files">What changed; null: something else each time.</param>
internal sealed record ReloadThrottle(int Reloads, TimeSpan Since, TimeSpan Latest, TimeSpan AfterStart, ImmutableHashSet<string>? Files)
{
    public static readonly ReloadThrottle Quiet = new(0, default, default, default, ImmutableHashSet.Create<string>(StringComparer.Ordinal));

    /// <summary>After a start that nobody probes, or after readiness: what happens within this time may be the start's doing.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    private const int Suspicious = 5;
    private const int MostFiles = 100;
    private static readonly TimeSpan ToSaveOnceMore = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan OfDifferentFiles = TimeSpan.FromSeconds(10);

    /// <summary>The next reload of the kind is held back, and that is said.</summary>
    public bool IsHolding => Reloads > Suspicious;

    /// <summary>How long such a change has to be the last one before its reload begins.</summary>
    public TimeSpan Pause => Reloads switch
    {
        < Suspicious => TimeSpan.Zero,
        Suspicious => ToSaveOnceMore,
        _ when Files is null => OfDifferentFiles,
        _ => TimeSpan.FromMinutes(1 << Math.Min(Reloads - Suspicious - 1, 4)),
    };

    /// <summary>The change is of the same kind as those before it.</summary>
    /// <param name="files">Empty where it was not seen what.</param>
    public bool Continues(IReadOnlyList<string> files, TimeSpan afterStart) =>
        Reloads == 0 || (IsSameMoment(afterStart) && (Reloads < Suspicious || Files is null || Files.IsSupersetOf(files)));

    /// <summary>Somebody else writes them, too.</summary>
    public ReloadThrottle WithForeignChange(IReadOnlyList<string> files) => Files is null || Files.Overlaps(files) ? Quiet : this;

    /// <summary>Somebody waits for us, and may well go on right after a start.</summary>
    public ReloadThrottle WhenWaitedFor() => IsHolding ? this : Quiet;

    public ReloadThrottle WithReload(TimeSpan now, PendingReload reload)
    {
        // A reload for another reason, while one was held back: the server still does what it did.
        if (reload.AfterStart is not { } afterStart)
            return reload.WasHeld ? this : Quiet;

        var first = Reloads == 0 ? new ReloadThrottle(0, now, now, afterStart, Files) : this;
        return first with { Reloads = Reloads + 1, Latest = now, Files = reload.IsUnseen ? Files : With(reload.Files) };
    }

    private ImmutableHashSet<string>? With(IReadOnlyList<string> files) =>
        Files is { Count: <= MostFiles } && (Files.IsEmpty || Files.Overlaps(files)) ? Files.Union(files) : null;

    // A slow start writes late, but always about as late; a person has no such habit.
    private bool IsSameMoment(TimeSpan afterStart) =>
        (afterStart <= Short && AfterStart <= Short) || (afterStart - AfterStart).Duration() <= AfterStart / 5;
}
