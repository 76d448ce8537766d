using Supervisor.Stress.Invariants.Disruptions;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Causes;

/// <summary>
/// Checks one service's ledger against the jobs and faults of the run. A host writes: <c>started</c> (autostart; crash after a backoff), <c>reloaded</c>
/// (files, also in place), <c>ready</c>, <c>failed</c> and <c>crash-loop</c> (crash, oom, probe), <c>completed</c>, <c>refused</c>, <c>blocked</c>,
/// <c>stopped</c>. A killed host writes nothing: the next one is asked to start the service (autostart), or continues the backoff that it finds (crash).
/// </summary>
internal sealed class ServiceCauses(string service, DisruptionLog disruptions, InjectedFaults faults, CheckCounter checks)
{
    private static readonly string[] NeverWatched = ["node_modules", "build", ".git", "__pycache__", "logs"];

    /// <summary>Of the end of a server that was killed with its host: no failure of its own.</summary>
    public const string Host = "host";

    private readonly List<LedgerEntrySeen> _entries = [];
    private readonly HashSet<int> _duringReload = [];
    private LedgerEntry? _before;

    /// <summary>Checks an entry that was written during the run.</summary>
    public void Apply(LedgerEntrySeen seen)
    {
        _entries.Add(seen);

        if (WhatIsWrong(seen.Entry, seen.HappenedAt) is { } wrong)
            checks.Fail(seen.At, $"{service}: {seen.Entry.Event}, cause {seen.Entry.Cause}, at {VerdictFormat.Span(seen.HappenedAt)}: {wrong}");
        else if (seen.Entry.Event != "ready")
            checks.Pass();

        _before = seen.Entry.Event == "ready" ? _before : seen.Entry;
    }

    /// <summary>Called when the fault ends: at the end of a run it is no longer known which job had the files then.</summary>
    public void NoteDisruption(InjectedFault fault)
    {
        if (disruptions.WhoTouched(service, new TimeRange(fault.Began.At, fault.Ended?.At)) is not null)
            _duringReload.Add(fault.Began.Fault);
    }

    /// <summary>Every fault that killed the service's server or host must be in the ledger, unless the record ends too soon after it.</summary>
    public void End(TimeSpan at)
    {
        var deaths = faults.Of(FaultTarget.Server, service).Concat(faults.Of(FaultTarget.Host, service)).Where(fault => fault.HasKilled);

        foreach (var fault in deaths)
        {
            if (IsInLedger(fault))
                checks.Pass();
            else if (!fault.Precedes(at) && !IsGivenUp)
                checks.Fail(at, $"{service}: {fault.Description} is not in the ledger");
        }
    }

    private bool IsGivenUp => _before is { Event: "crash-loop" };

    private string? WhatIsWrong(LedgerEntry entry, TimeSpan at) => entry.Event switch
    {
        "started" or "reloaded" when _before is { Event: "stopped" } => "it was stopped without a command",
        "started" or "reloaded" => StartedFor(entry, at),
        "failed" or "crash-loop" or "completed" => DiedOf(entry, at),
        "refused" => disruptions.WhoTouched(service, new TimeRange(at, at)) is null ? "no job changed its files" : null,
        "blocked" => IsAffected(at) ? null : "no fault left anything on its port",
        "adopted" => faults.FindCause(FaultTarget.Parent, null, null, at) is null ? "no parent died" : null,
        _ => null,
    };

    private string? StartedFor(LedgerEntry entry, TimeSpan at) => entry.Cause switch
    {
        "files" => disruptions.WhoTouched(service, new TimeRange(at, at)) is null
            ? "no job changed its files"
            : Unwatched(entry) is { } file ? $"{file} is not watched" : null,

        "crash" or "oom" or "probe" => _before is { Event: "failed" or "completed" } || HostDied(at) ? null : "no failure precedes it",
        "autostart" or "dependency" => HostDied(at) ? null : "neither its host nor the parent died",
        _ => "no command asked for it",
    };

    private string? DiedOf(LedgerEntry entry, TimeSpan at)
    {
        if (entry.Cause == Host)
            return HostDied(at) ? null : "its host did not die";

        if (faults.FindCause(FaultTarget.Server, service, entry.Pid, at) is not { } fault)
            return HostDied(at) ? null : "no fault targeted its server";

        var leaked = FaultTraits.IsLeak(fault.Began.Name);

        return entry.Cause switch
        {
            "oom" when !leaked => $"{fault.Description} takes no memory",
            "crash" when leaked && entry.Pid == fault.Began.Pid => $"{fault.Description} ends at the memory limit",
            _ => fault.Fits(entry.Exit) ? null : $"{fault.Description} does not end in {entry.Exit?.Signal}",
        };
    }

    private bool HostDied(TimeSpan at) =>
        faults.FindCause(FaultTarget.Host, service, null, at) is not null || faults.FindCause(FaultTarget.Parent, null, null, at) is not null;

    private bool IsAffected(TimeSpan at) => HostDied(at) || faults.FindCause(FaultTarget.Server, service, null, at) is not null;

    /// <summary>
    /// Whether the ledger has the death; or the fault fell into a reload, a recovery of the host or the end of the run, whose entries then stand for it.
    /// </summary>
    private bool IsInLedger(InjectedFault fault) => _entries.Exists(seen => fault.Precedes(seen.HappenedAt) && seen.Entry.Event switch
    {
        "failed" or "crash-loop" or "completed" => fault.Began.Pid is null || seen.Entry.Pid == fault.Began.Pid,
        "started" or "reloaded" => fault.Began.Target == FaultTarget.Host
            || _duringReload.Contains(fault.Began.Fault)
            || HostDied(seen.HappenedAt),
        "stopped" => true,
        _ => false,
    });

    /// <summary>A named file in an unwatched folder; text in brackets is not a file.</summary>
    private static string? Unwatched(LedgerEntry entry) =>
        entry.Files.FirstOrDefault(file =>
            !file.StartsWith('(') && file.Split('/').SkipLast(1).Any(folder => NeverWatched.Contains(folder)));
}
