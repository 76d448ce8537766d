
namespace Supervisor.Host.Serving;

/// <summary>
/// When the newest server read its files, by the wall clock: from its start until it was ready. What it loads later is as new as that moment, and no
/// start would make it newer.
/// </summary>
/// <param name="Begun">Before its process was spawned.</param>
/// <param name="Ended">Null: it has not come that far.</param>
/// <param name="Repeats">How many starts in a row, this one included, were reloads for something unseen.</param>
internal sealed record FileReading(DateTimeOffset Begun, DateTimeOffset? Ended, int Repeats)
{
    /// <summary>Without a probe nobody knows; most servers are up by then.</summary>
    public static readonly TimeSpan Unprobed = TimeSpan.FromSeconds(2);

    /// <summary>A server whose starts are accompanied by such changes every time makes them itself: one more start would bring the next.</summary>
    private const int MostRepeats = 3;

    /// <summary>A person's start is no repetition, nor is the reload for a change proper, which has said so before (<see cref="ReloadedFor"/>).</summary>
    public static FileReading Beginning(DateTimeOffset now, Cause cause, FileReading? earlier) =>
        new(now, Ended: null, cause == Cause.Manual ? 0 : earlier?.Repeats ?? 0);

    /// <summary>The next start is for this reload.</summary>
    public FileReading ReloadedFor(PendingReload reload) => this with { Repeats = reload.IsUnseen ? Repeats + 1 : 0 };

    /// <summary>It is to be read again: it may have read what is not there any more.</summary>
    public bool MayHaveSeen(UnseenSpan span) => Begun <= span.Until && (Ended is null || Ended >= span.Since) && Repeats < MostRepeats;

    /// <summary>The server was ready, or ended: the first of these counts.</summary>
    public FileReading EndedAt(DateTimeOffset moment) => Ended <= moment ? this : this with { Ended = moment };
}
