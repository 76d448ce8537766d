using Supervisor.Stress.Invariants.Disruptions;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Causes;

/// <summary>
/// One service's ledger against what was done to it. What a host writes: <c>started</c> (autostart; crash after a backoff),
/// <c>reloaded</c> (files, also in place), <c>ready</c>, <c>failed</c> and <c>crash-loop</c> (crash, oom, probe),
/// <c>completed</c>, <c>refused</c>, <c>blocked</c>, <c>stopped</c>. A host that was killed writes nothing of it: the next one
/// is asked to start the service (autostart), or goes on with the backoff that it finds (crash).
/// </summary>
internal sealed class ServiceCauses(string service, DisruptionLog disruptions, InjectedFaults faults, CheckCounter checks)
{
    private static readonly string[] NeverWatched = ["node_modules", "build", ".git", "__pycache__", "logs"];

    private readonly List<LedgerEntrySeen> _entries = [];
    private readonly HashSet<int> _amidReload = [];
    private LedgerEntry? _before;

    /// <summary>An entry that was written while the run went on.</summary>
    public void Apply(LedgerEntrySeen seen)
    {
        _entries.Add(seen);

        if (WhatIsWrong(seen.Entry, seen.HappenedAt) is { } wrong)
            checks.Fail(seen.At, $"{service}: {seen.Entry.Event}, cause {seen.Entry.Cause}, at {VerdictFormat.Span(seen.HappenedAt)}: {wrong}");
        else if (seen.Entry.Event != "ready")
            checks.Pass();

        _before = seen.Entry.Event == "ready" ? _before : seen.Entry;
    }

    /// <summary>Noted when it happens: at the end of a night nobody knows any more which job had the files then.</summary>
    public void Struck(InjectedFault fault)
    {
        if (disruptions.WhoTouched(service, new TimeRange(fault.Began.At, fault.Ended?.At)) is not null)
            _amidReload.Add(fault.Began.Fault);
    }

    /// <summary>
    /// Every fault that has killed the service's server, or its host, is in the ledger, unless the record ends too soon after
    /// it.
    /// </summary>
    public void End(TimeSpan at)
    {
        var deaths = faults.Of(FaultTarget.Server, service).Concat(faults.Of(FaultTarget.Host, service)).Where(fault => fault.HasKilled);

        foreach (var fault in deaths)
        {
            if (IsTold(fault))
                checks.Pass();
            else if (!fault.Precedes(at) && !IsGivenUp)
                checks.Fail(at, $"{service}: {fault.Description} is not in the ledger");
        }
    }

    private bool IsGivenUp => _before is { Event: "crash-loop" };

    private string? WhatIsWrong(LedgerEntry entry, TimeSpan at) => entry.Event switch
    {
        "started" or "reloaded" when _before is { Event: "stopped" } => "it had been stopped, which nobody asked for",
        "started" or "reloaded" => StartedFor(entry, at),
        "failed" or "crash-loop" or "completed" => DiedOf(entry, at),
        "refused" => disruptions.WhoTouched(service, new TimeRange(at, at)) is null ? "no job had touched it" : null,
        "blocked" => IsHurt(at) ? null : "no fault had left anything on its port",
        "adopted" => faults.Behind(FaultTarget.Parent, null, null, at) is null ? "no parent had died" : null,
        _ => null,
    };

    private string? StartedFor(LedgerEntry entry, TimeSpan at) => entry.Cause switch
    {
        "files" => disruptions.WhoTouched(service, new TimeRange(at, at)) is null
            ? "no job had touched it"
            : Unwatched(entry) is { } file ? $"{file} is not watched" : null,

        "crash" or "oom" or "probe" => _before is { Event: "failed" or "completed" } || HostDied(at) ? null : "no failure came before it",
        "autostart" or "dependency" => HostDied(at) ? null : "neither its host nor the parent had died",
        _ => "nobody asked for it",
    };

    private string? DiedOf(LedgerEntry entry, TimeSpan at)
    {
        if (faults.Behind(FaultTarget.Server, service, entry.Pid, at) is not { } fault)
            return HostDied(at) ? null : "no fault had struck its server";

        var leaked = FaultTraits.IsLeak(fault.Began.Name);

        return entry.Cause switch
        {
            "oom" when !leaked => $"{fault.Description} takes no memory",
            "crash" when leaked && entry.Pid == fault.Began.Pid => $"{fault.Description} ends at the memory limit",
            _ => fault.Fits(entry.Exit) ? null : $"{fault.Description} does not end in {entry.Exit?.Signal}",
        };
    }

    private bool HostDied(TimeSpan at) =>
        faults.Behind(FaultTarget.Host, service, null, at) is not null || faults.Behind(FaultTarget.Parent, null, null, at) is not null;

    private bool IsHurt(TimeSpan at) => HostDied(at) || faults.Behind(FaultTarget.Server, service, null, at) is not null;

    /// <summary>
    /// Its death is told; or it fell into a reload, a recovery of the host or the end of the run, which then tell of the next
    /// start or the stop.
    /// </summary>
    private bool IsTold(InjectedFault fault) => _entries.Exists(seen => fault.Precedes(seen.HappenedAt) && seen.Entry.Event switch
    {
        "failed" or "crash-loop" or "completed" => fault.Began.Pid is null || seen.Entry.Pid == fault.Began.Pid,
        "started" or "reloaded" => fault.Began.Target == FaultTarget.Host
            || _amidReload.Contains(fault.Began.Fault)
            || HostDied(seen.HappenedAt),
        "stopped" => true,
        _ => false,
    });

    /// <summary>A file that is named and lies where nobody watches; what is in brackets is no file.</summary>
    private static string? Unwatched(LedgerEntry entry) =>
        entry.Files.FirstOrDefault(file =>
            !file.StartsWith('(') && file.Split('/').SkipLast(1).Any(folder => NeverWatched.Contains(folder)));
}
