using System.Text.Json.Serialization;

namespace Supervisor.Client;

/// <summary>The state of a service for clients. The host's own state type has more detail.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ServicePhase>))]
public enum ServicePhase
{
    [JsonStringEnumMemberName("stopped")] Stopped,

    /// <summary>Waits for a dependency.</summary>
    [JsonStringEnumMemberName("pending")] Pending,

    /// <summary>Cannot start for an external reason (a port used by another process, a command that does not exist); starts once that is resolved.</summary>
    [JsonStringEnumMemberName("blocked")] Blocked,

    [JsonStringEnumMemberName("starting")] Starting,

    /// <summary>Started; has no readiness probe.</summary>
    [JsonStringEnumMemberName("running")] Running,

    [JsonStringEnumMemberName("ready")] Ready,
    /// <summary>What the server runs is being built; an older server may still serve.</summary>
    [JsonStringEnumMemberName("building")] Building,

    [JsonStringEnumMemberName("validating")] Validating,
    [JsonStringEnumMemberName("draining")] Draining,
    [JsonStringEnumMemberName("backoff")] Backoff,
    [JsonStringEnumMemberName("crash-loop")] CrashLoop,

    /// <summary>Ended by itself with success and is not to be started again.</summary>
    [JsonStringEnumMemberName("completed")] Completed,

    /// <summary>Ended with a failure, or was not ready in time, and its restart policy leaves it down until a command or a change of its files.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>Runs, but fails its health check.</summary>
    [JsonStringEnumMemberName("unhealthy")] Unhealthy,
}

/// <summary>The state of the watcher for clients.</summary>
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

/// <summary>How one process ended: exit with a code, death by a signal, or unknown (<see cref="Lost"/>: the status could not be collected).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ExitKind>))]
public enum ExitKind
{
    [JsonStringEnumMemberName("exit")] Exit,
    [JsonStringEnumMemberName("signal")] Signal,
    [JsonStringEnumMemberName("lost")] Lost,
}
