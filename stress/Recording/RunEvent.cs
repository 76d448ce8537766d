using System.Text.Json.Serialization;

namespace Supervisor.Stress.Recording;

/// <summary>
/// One event of a run. The record of a run consists of these, in order. Verdict, live view and report are folds over it, so a stored record can be checked
/// and drawn again.
/// </summary>
/// <param name="At">Time since the run began, on a monotonic clock, in real time (never scaled by the speed of the run).</param>
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

/// <summary>Always the first event. The tree is up and every service is ready.</summary>
internal sealed record RunBegan(
    TimeSpan At, RunPlan Plan, [property: JsonPropertyName("surroundings")] RunEnvironment Environment, IReadOnlyList<ServiceFacts> Services) : RunEvent(At);

/// <param name="Services">The services whose files it may change; no other job changes them until it has ended.</param>
internal sealed record JobBegan(TimeSpan At, int Job, string Name, IReadOnlyList<string> Services) : RunEvent(At);

/// <param name="Lateness">Delay of its begin against the plan: the machine was busy with earlier jobs.</param>
/// <param name="Touched">Relevant files (watched, included, not ignored) whose content differs from before the job.</param>
/// <param name="Trouble">Why it was not completed; null: it was.</param>
internal sealed record JobEnded(
    TimeSpan At, int Job, string Name, TimeSpan Took, TimeSpan Lateness, IReadOnlyList<TouchedFiles> Touched, string? Trouble) : RunEvent(At);

internal sealed record TouchedFiles(string Service, int Files);

internal sealed record JobSkipped(TimeSpan At, int Job, string Name, string Why) : RunEvent(At);

/// <summary>Written before the fault is injected.</summary>
/// <param name="Target">The kind of process that it targets.</param>
/// <param name="Service">The service whose server or host it targets; null for the watcher and the parent.</param>
/// <param name="Pid">The pid of the victim; null: no single process.</param>
internal sealed record FaultBegan(TimeSpan At, int Fault, string Name, FaultTarget Target, string? Service, int? Pid) : RunEvent(At);

/// <summary>The fault itself is over (the victim is dead, the hang has ended); its consequences may continue.</summary>
/// <param name="VictimDied">Whether the victim's process ended.</param>
/// <param name="Detail">What was observed: "died of SIGABRT after 3 ms".</param>
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

/// <summary>At the start and for each new process.</summary>
/// <param name="StartedAt">When the process began according to the kernel, on the run's clock; precise to 10 ms.</param>
internal sealed record ParentSeen(TimeSpan At, int Pid, TimeSpan StartedAt) : RunEvent(At);

/// <summary>At the start and after each change.</summary>
/// <param name="StartedAt">As in <see cref="ParentSeen"/>; null without a process, or when it ended before it was read.</param>
internal sealed record WatcherSeen(
    TimeSpan At, WatcherPhase State, int? Pid, TimeSpan? StartedAt, long Epoch, string? Backend, bool Degraded, int Restarts, ExitStatus? LastExit)
    : RunEvent(At);

/// <summary>At the start and after each change.</summary>
internal sealed record ServiceSeen(
    TimeSpan At, string Service, ServicePhase State, bool Stale, int? Pid, TimeSpan? StartedAt, int? HostPid, int Generation, string? Reason)
    : RunEvent(At)
{
    /// <summary>Its probe has answered; stays true during a validation.</summary>
    public bool IsReady { get; init; }
}

/// <summary>The changes of a job for this service are served.</summary>
/// <param name="Latency">From the job's end until a running server was seen that has read all of them; precise to 50 ms.</param>
internal sealed record ChangeServed(TimeSpan At, int Job, string Service, TimeSpan Latency) : RunEvent(At);

/// <summary>Not served by the deadline or the end of the run.</summary>
/// <param name="Example">One path that is served differently from what is on disk, and how.</param>
internal sealed record ChangeLost(TimeSpan At, int Job, string Service, TimeSpan Waited, string Example) : RunEvent(At);

/// <summary>Each second, for each service.</summary>
internal sealed record RequestsMade(TimeSpan At, string Service, int Made, int Failed, TimeSpan Slowest) : RunEvent(At);

/// <param name="SentAt">When the request was sent, on this run's clock.</param>
internal sealed record RequestFailed(TimeSpan At, string Service, TimeSpan SentAt, string Error) : RunEvent(At);

/// <summary>Every second (compressed run) or every five (overnight run), for each process of the tree.</summary>
/// <param name="Process"><c>parent</c>, <c>watcher</c>, <c>host web</c>, <c>server web</c>.</param>
/// <param name="ProportionalBytes">PSS; null where it was not taken (it is expensive: every fifth sample).</param>
/// <param name="PeakBytes">The kernel's high-water mark of resident memory.</param>
/// <param name="Cpu">CPU time since the process began.</param>
/// <param name="MappedBytes">Resident file pages (programs, libraries). The kernel charges them to the process that read them first: a cap does not count
/// them.</param>
/// <param name="QueueDepth">The watcher's own queue; null for other processes.</param>
internal sealed record ProcessSampled(
    TimeSpan At, string Process, int Pid, long ResidentBytes, long? ProportionalBytes, long PeakBytes, long? CapBytes, int Descriptors, int Threads,
    TimeSpan Cpu, int? QueueDepth, long MappedBytes = 0) : RunEvent(At);

/// <summary>One entry of a service's restart ledger (or the watcher's, <c>watcher</c>), as <c>supervisor why</c> prints it, recorded once.</summary>
/// <param name="HappenedAt">The entry's time on this run's clock.</param>
internal sealed record LedgerEntrySeen(TimeSpan At, string Service, TimeSpan HappenedAt, LedgerEntry Entry) : RunEvent(At);

/// <summary>A leftover that was found after the tree was stopped.</summary>
/// <param name="What">process, zombie, port or file; tree: it refused to stop, or did not end.</param>
internal sealed record LeftoverFound(TimeSpan At, string What, string Detail) : RunEvent(At);

/// <summary>Always the last event: the tree was stopped, and the search for leftovers is done.</summary>
/// <param name="Why">"the schedule is done", or what ended the run earlier.</param>
internal sealed record RunEnded(TimeSpan At, string Why) : RunEvent(At);
