using System.Text.Json.Serialization;

namespace Supervisor.Stress.Recording;

/// <summary>
/// One thing that happened in a run. The record of a run is nothing but these, in order: verdict, live view and report are folds over it, so that a
/// stored record can be judged and drawn again.
/// </summary>
/// <param name="At">Since the run began, on a monotonic clock, in real time (never scaled by the speed of the run).</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RunBegan), "run-began")]
[JsonDerivedType(typeof(JobBegan), "job-began")]
[JsonDerivedType(typeof(JobEnded), "job-ended")]
[JsonDerivedType(typeof(JobSkipped), "job-skipped")]
[JsonDerivedType(typeof(FaultBegan), "fault-began")]
[JsonDerivedType(typeof(FaultEnded), "fault-ended")]
[JsonDerivedType(typeof(FaultSkipped), "fault-skipped")]
[JsonDerivedType(typeof(ParentSeen), "parent")]
[JsonDerivedType(typeof(WatcherSeen), "watcher")]
[JsonDerivedType(typeof(ServiceSeen), "service")]
[JsonDerivedType(typeof(ChangeServed), "change-served")]
[JsonDerivedType(typeof(ChangeLost), "change-lost")]
[JsonDerivedType(typeof(RequestsMade), "requests")]
[JsonDerivedType(typeof(RequestFailed), "request-failed")]
[JsonDerivedType(typeof(ProcessSampled), "process")]
[JsonDerivedType(typeof(LedgerEntrySeen), "ledger")]
[JsonDerivedType(typeof(LeftoverFound), "left-behind")]
[JsonDerivedType(typeof(RunEnded), "run-ended")]
internal abstract record RunEvent(TimeSpan At);

/// <summary>Always the first. The tree is up and every service is ready.</summary>
internal sealed record RunBegan(
    TimeSpan At, RunPlan Plan, [property: JsonPropertyName("surroundings")] RunEnvironment Environment, IReadOnlyList<ServiceFacts> Services) : RunEvent(At);

/// <param name="Services">Whose files it may touch; nobody else touches them until it has ended.</param>
internal sealed record JobBegan(TimeSpan At, int Job, string Name, IReadOnlyList<string> Services) : RunEvent(At);

/// <param name="Lateness">How much later than planned it began: the machine was busy with earlier ones.</param>
/// <param name="Touched">Relevant files (watched, included, not ignored) whose content is not what it was before the job.</param>
/// <param name="Trouble">Why it did not do all it wanted; null: it did.</param>
internal sealed record JobEnded(
    TimeSpan At, int Job, string Name, TimeSpan Took, TimeSpan Lateness, IReadOnlyList<TouchedFiles> Touched, string? Trouble) : RunEvent(At);

internal sealed record TouchedFiles(string Service, int Files);

internal sealed record JobSkipped(TimeSpan At, int Job, string Name, string Why) : RunEvent(At);

/// <summary>Written before the fault strikes.</summary>
/// <param name="Target">What it strikes.</param>
/// <param name="Service">The service that it strikes, or whose host; null for the watcher, the parent and the files.</param>
/// <param name="Pid">Of the victim; null: no single process.</param>
internal sealed record FaultBegan(TimeSpan At, int Fault, string Name, FaultTarget Target, string? Service, int? Pid) : RunEvent(At);

/// <summary>The fault itself is over (the victim is dead, the hang was lifted); what follows from it may not be.</summary>
/// <param name="VictimDied">The victim's process ended.</param>
/// <param name="Detail">In words, what was seen: "died of SIGABRT after 3 ms".</param>
internal sealed record FaultEnded(TimeSpan At, int Fault, string Name, bool VictimDied, string Detail) : RunEvent(At);

internal sealed record FaultSkipped(TimeSpan At, int Fault, string Name, string Why) : RunEvent(At);

[JsonConverter(typeof(JsonStringEnumConverter<FaultTarget>))]
internal enum FaultTarget
{
    Watcher,
    Server,
    Host,
    Parent,
}

/// <summary>At the start and whenever it is another process.</summary>
/// <param name="StartedAt">When the kernel says that the process began, on this run's clock; 10 ms coarse.</param>
internal sealed record ParentSeen(TimeSpan At, int Pid, TimeSpan StartedAt) : RunEvent(At);

/// <summary>At the start and whenever anything in it has changed.</summary>
/// <param name="StartedAt">As in <see cref="ParentSeen"/>; null without a process, or when it was gone before we looked.</param>
internal sealed record WatcherSeen(
    TimeSpan At, WatcherPhase State, int? Pid, TimeSpan? StartedAt, long Epoch, string? Backend, bool Degraded, int Restarts, ExitStatus? LastExit)
    : RunEvent(At);

/// <summary>At the start and whenever anything in it has changed.</summary>
internal sealed record ServiceSeen(
    TimeSpan At, string Service, ServicePhase State, bool Stale, int? Pid, TimeSpan? StartedAt, int? HostPid, int Generation, string? Reason)
    : RunEvent(At)
{
    /// <summary>Its probe has answered; so it stays while a change is validated.</summary>
    public bool IsReady { get; init; }
}

/// <summary>What a job last wrote for this service is served.</summary>
/// <param name="Latency">From the job's end until a running server was seen that has read all of it; 50 ms coarse.</param>
internal sealed record ChangeServed(TimeSpan At, int Job, string Service, TimeSpan Latency) : RunEvent(At);

/// <summary>Given up at the deadline, or at the run's end.</summary>
/// <param name="Example">One path that is served otherwise than it is on disk, and how.</param>
internal sealed record ChangeLost(TimeSpan At, int Job, string Service, TimeSpan Waited, string Example) : RunEvent(At);

/// <summary>Each second, for each service.</summary>
internal sealed record RequestsMade(TimeSpan At, string Service, int Made, int Failed, TimeSpan Slowest) : RunEvent(At);

/// <param name="SentAt">When the request was sent, on this run's clock.</param>
internal sealed record RequestFailed(TimeSpan At, string Service, TimeSpan SentAt, string Error) : RunEvent(At);

/// <summary>Every second (compressed) to every five (a night), for each process of the tree.</summary>
/// <param name="Process"><c>parent</c>, <c>watcher</c>, <c>host web</c>, <c>server web</c>.</param>
/// <param name="ProportionalBytes">PSS; null where it was not taken (it is dear: every fifth sample).</param>
/// <param name="PeakBytes">The kernel's high-water mark of resident memory.</param>
/// <param name="Cpu">Since the process began.</param>
/// <param name="MappedBytes">Resident pages of files (programs, libraries). The kernel charges them to whoever read them first: a cap does not count them.</param>
/// <param name="QueueDepth">The watcher's own queue; null for other processes.</param>
internal sealed record ProcessSampled(
    TimeSpan At, string Process, int Pid, long ResidentBytes, long? ProportionalBytes, long PeakBytes, long? CapBytes, int Descriptors, int Threads,
    TimeSpan Cpu, int? QueueDepth, long MappedBytes = 0) : RunEvent(At);

/// <summary>One entry of a service's restart ledger (or the watcher's, <c>watcher</c>), as <c>supervisor why</c> tells it, each once.</summary>
/// <param name="HappenedAt">The entry's time on this run's clock.</param>
internal sealed record LedgerEntrySeen(TimeSpan At, string Service, TimeSpan HappenedAt, LedgerEntry Entry) : RunEvent(At);

/// <summary>Found after the tree was stopped.</summary>
/// <param name="What">process, zombie, port or file; tree: it refused to stop, or did not end.</param>
internal sealed record LeftoverFound(TimeSpan At, string What, string Detail) : RunEvent(At);

/// <summary>Always the last: the tree was stopped and everything was looked for that may have outlived it.</summary>
/// <param name="Why">"the schedule is done" or what ended it earlier.</param>
internal sealed record RunEnded(TimeSpan At, string Why) : RunEvent(At);
