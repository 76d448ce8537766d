using System.Text.Json.Serialization;

namespace Supervisor.Client;

/// <summary>Where a service stands, as told to others. The host's own state type says more.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServicePhase>))]
public enum ServicePhase
{
    [JsonStringEnumMemberName("stopped")] Stopped,

    /// <summary>Waits for a dependency.</summary>
    [JsonStringEnumMemberName("pending")] Pending,

    /// <summary>Cannot start for a reason outside itself (a port taken by a stranger, a command that does not exist); starts once that is gone.</summary>
    [JsonStringEnumMemberName("blocked")] Blocked,

    [JsonStringEnumMemberName("starting")] Starting,

    /// <summary>Started; has no readiness probe, or its probe does not answer any more.</summary>
    [JsonStringEnumMemberName("running")] Running,

    [JsonStringEnumMemberName("ready")] Ready,
    [JsonStringEnumMemberName("validating")] Validating,
    [JsonStringEnumMemberName("draining")] Draining,
    [JsonStringEnumMemberName("backoff")] Backoff,
    [JsonStringEnumMemberName("crash-loop")] CrashLoop,

    /// <summary>Ended by itself with success and is not to be started again.</summary>
    [JsonStringEnumMemberName("completed")] Completed,
}

/// <summary>Where the watcher stands, as told to others.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WatcherPhase>))]
public enum WatcherPhase
{
    [JsonStringEnumMemberName("starting")] Starting,
    [JsonStringEnumMemberName("crawling")] Crawling,
    [JsonStringEnumMemberName("watching")] Watching,

    /// <summary>Lost track and reads its roots again.</summary>
    [JsonStringEnumMemberName("recovering")] Recovering,

    [JsonStringEnumMemberName("backoff")] Backoff,
    [JsonStringEnumMemberName("stopped")] Stopped,
}

/// <summary>How one process ended: exit with a code, death by a signal, or unknown (<see cref="Lost"/>: nobody could collect the status).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ExitKind>))]
public enum ExitKind
{
    [JsonStringEnumMemberName("exit")] Exit,
    [JsonStringEnumMemberName("signal")] Signal,
    [JsonStringEnumMemberName("lost")] Lost,
}
