using System.Collections.Immutable;

namespace Supervisor.Host.StateMachine;

/// <summary>What has changed while a build or a validation ran: saved by a user, or written by the command itself; nobody can see which.</summary>
/// <param name="Files">As shown to users.</param>
/// <param name="IsUnseen">Files were different for a while, and are as before.</param>
internal sealed record HeardChanges(ImmutableHashSet<string> Files, bool IsUnseen)
{
    public static readonly HeardChanges None = new(ImmutableHashSet.Create<string>(StringComparer.Ordinal), IsUnseen: false);

    public bool IsEmpty => Files.IsEmpty;

    public HeardChanges With(IReadOnlyList<string> files) => this with { Files = Files.Union(files) };
}

/// <summary>How often the command of one preflight has run for one reload, so that no command keeps a reload waiting for ever by what it writes.</summary>
/// <param name="Cancelled">Ended early because a file was saved that it had read.</param>
/// <param name="Ended">Runs during which files changed, or seemed to.</param>
internal sealed record PreflightRounds(int Cancelled, int Ended)
{
    public static readonly PreflightRounds None = new(0, 0);

    private const int MaxCancelled = 3;

    public bool MayCancel => Cancelled < MaxCancelled;

    /// <summary>After a run during which something changed there is one more.</summary>
    public bool MayRepeat(HeardChanges heard) => !heard.IsEmpty ? Ended + 1 < BuildSpec.MaxRounds : heard.IsUnseen && Ended == 0;

    public PreflightRounds WithCancelled() => this with { Cancelled = Cancelled + 1 };

    public PreflightRounds WithEnded() => this with { Ended = Ended + 1 };
}

/// <param name="Begun">What was noticed before is in it.</param>
internal sealed record FinishedBuild(Timestamp Begun, TimeSpan Ended);

/// <summary>Files that have changed while nothing was built: somebody saves them, whatever else changes during a build.</summary>
internal sealed record KnownSources(ImmutableHashSet<string> Files)
{
    // A file that is not known costs at most the rest of a build.
    private const int Capacity = 500;

    public static readonly KnownSources None = new(ImmutableHashSet.Create<string>(StringComparer.Ordinal));

    public bool Contains(IReadOnlyList<string> files) => files.Any(Files.Contains);

    public KnownSources With(IReadOnlyList<string> files) => Files.Count >= Capacity ? this : new KnownSources(Files.Union(files));
}
