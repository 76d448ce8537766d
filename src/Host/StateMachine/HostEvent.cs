using Supervisor.Processes;

namespace Supervisor.Host.StateMachine;

/// <summary>An input of the host's state machine; any thread posts it to the loop. Events about an earlier run or validation change nothing.</summary>
internal abstract record HostEvent
{
    internal sealed record StartRequested(Cause Cause) : HostEvent;

    internal sealed record StopRequested(long Ticket, bool Now) : HostEvent;

    internal sealed record RestartRequested(long Ticket, bool Force, Cause Cause) : HostEvent;

    /// <summary>Stop the server, then end this process.</summary>
    internal sealed record ShutdownRequested(long Ticket, bool Now) : HostEvent;

    internal sealed record SettledRequested(long Ticket) : HostEvent;

    /// <summary>The watcher reported something.</summary>
    internal abstract record OfWatcher(string Cursor) : HostEvent
    {
        /// <summary>The present watch rules, which a reload of the configuration may have changed; null: as before.</summary>
        public WatchSpec? Watch { get; init; }
    }

    /// <param name="Files">As shown to users.</param>
    internal sealed record FilesChanged(string Cursor, IReadOnlyList<string> Files) : OfWatcher(Cursor)
    {
        /// <summary>See <see cref="ChangeBatch.HeardUntil"/>; on the clock of <see cref="Timestamp.Monotonic"/>.</summary>
        public TimeSpan? HeardUntil { get; init; }
    }

    /// <summary>The files are the same as before, but a server that read them within the span may have read something else.</summary>
    internal sealed record UnseenChange(string Cursor, UnseenSpan Span) : OfWatcher(Cursor);

    /// <summary>A server that starts now would get another environment than the newest one.</summary>
    /// <param name="Files">The env files that changed, as shown to users.</param>
    internal sealed record EnvFileChanged(string Cursor, IReadOnlyList<string> Files) : HostEvent;

    /// <summary>No server could start with the env files as they are.</summary>
    internal sealed record EnvFileUnusable(string Cursor, IReadOnlyList<string> Files, string Reason) : HostEvent;

    /// <summary>Env files were written, and say what the newest server has.</summary>
    internal sealed record EnvFileUnchanged(string Cursor, IReadOnlyList<string> Files) : HostEvent;

    /// <param name="SpawnedAt">Just before: all that it prints is newer. null: not known.</param>
    internal sealed record Spawned(int Generation, int Pid, int? Port, DateTimeOffset? SpawnedAt = null) : HostEvent;

    /// <param name="Transient">A retry may succeed (out of memory or processes).</param>
    internal sealed record SpawnFailed(int Generation, bool Transient, string Reason) : HostEvent;

    /// <summary>It cannot be started with its env files and its folder as they are.</summary>
    internal sealed record Lacking(int Generation, string What) : HostEvent;

    /// <param name="What">null: nothing is lacking any more.</param>
    internal sealed record LackChecked(string? What) : HostEvent;

    internal sealed record PortTaken(int Generation, PortHolder Holder) : HostEvent;

    /// <param name="Holder">null: the port is free.</param>
    internal sealed record PortChecked(PortHolder? Holder) : HostEvent;

    internal sealed record ProbeSucceeded(int Generation) : HostEvent;

    /// <summary>Why the server is not ready yet.</summary>
    internal sealed record ProbeFailed(int Generation, string Reason) : HostEvent;

    /// <summary>The health check has failed as often in a row as it may.</summary>
    /// <param name="Since">When the first of these checks began, on the monotonic clock.</param>
    internal sealed record HealthFailed(int Generation, string Reason, TimeSpan Since) : HostEvent;

    /// <summary>After a failure: the health check passes again.</summary>
    internal sealed record HealthPassed(int Generation) : HostEvent;

    /// <summary>What the server says of itself.</summary>
    /// <param name="Text">Empty: nothing any more.</param>
    internal sealed record StatusTold(int Generation, string Text) : HostEvent;

    internal sealed record ServerExited(int Generation, ServerExit Exit) : HostEvent;

    /// <param name="Trouble">Why it has failed; null: it has not.</param>
    internal sealed record StopCommandEnded(string? Trouble) : HostEvent;

    internal sealed record BuildPassed(int Number) : HostEvent;

    /// <param name="IsLack">It could not be built: something that the service needs is not there.</param>
    internal sealed record BuildFailed(int Number, string Reason, bool IsLack = false) : HostEvent;

    internal sealed record ValidationPassed(int Number) : HostEvent;

    /// <param name="IsLack">It could not be validated: something that the service needs is not there.</param>
    internal sealed record ValidationRefused(int Number, string Reason, bool IsLack = false) : HostEvent;

    /// <summary>The deadline of <see cref="Deadlines"/> has passed.</summary>
    internal sealed record DeadlinePassed : HostEvent;
}
