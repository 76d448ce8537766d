using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress.Invariants;

/// <summary>Builds a record: the events of a correct run, with the jobs and faults that a spec adds. Times are seconds.</summary>
internal sealed class RecordBuilder
{
    public const string Web = "web";
    public const string InPlace = "api";
    public const string Untouched = "calm";

    /// <summary>The wall clock when the run's clock was zero.</summary>
    public static readonly DateTimeOffset Wall = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<RunEvent> _events = [];
    private readonly Dictionary<string, ServiceSeen> _services = new(StringComparer.Ordinal);
    private int _nextPid = 1_000;
    private int _nextFault = 1;

    public RecordBuilder()
    {
        Add(new RunBegan(At(0), new RunPlan("night", 1, TimeSpan.FromHours(8), 1, 3, TimeSpan.FromSeconds(40)), Environment,
        [
            new ServiceFacts(Web, "django", 8001, ReloadsInPlace: false, Untouched: false, 1_000, 256 << 20),
            new ServiceFacts(InPlace, "puppet", 8002, ReloadsInPlace: true, Untouched: false, 500, null),
            new ServiceFacts(Untouched, "node", 8003, ReloadsInPlace: false, Untouched: true, 500, 256 << 20),
        ]));
        Add(new ParentSeen(At(0), ParentPid, At(-5)));
        NewWatcher(0, -4, lastExit: null);

        foreach (var service in (string[])[Web, InPlace, Untouched])
        {
            var pid = _nextPid++;
            AddSeen(new ServiceSeen(
                At(0), service, ServicePhase.Ready, Stale: false, pid, At(-3), HostPid: _nextPid++, Generation: 1, Reason: null));
            Ledger(service, -3, "started", "autostart");
            Ledger(service, -2, "ready", "autostart");
        }
    }

    public int ParentPid { get; private set; } = 100;

    public int WatcherPid { get; private set; }

    public IReadOnlyList<RunEvent> Events => [.. _events.OrderBy(runEvent => runEvent.At)];

    public static RunEnvironment Environment { get; } =
        new(Wall, "test", "6.1", 2, 8L << 30, "native", null, new Dictionary<string, string>(StringComparer.Ordinal), "stress");

    public static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    public static ExitStatus Died(double at, string? signal, int? code = null) =>
        new(signal is null ? ExitKind.Exit : ExitKind.Signal, code, signal, Wall + At(at));

    public RecordBuilder Add(RunEvent runEvent)
    {
        _events.Add(runEvent);
        return this;
    }

    public RecordBuilder Without<T>(Func<T, bool> which) where T : RunEvent
    {
        _events.RemoveAll(runEvent => runEvent is T known && which(known)).Should().BePositive("the record has such an event");
        return this;
    }

    public RecordBuilder With<T>(Func<T, bool> which, Func<T, T> change) where T : RunEvent
    {
        var index = _events.FindIndex(runEvent => runEvent is T known && which(known));
        _events[index] = change((T)_events[index]);
        return this;
    }

    public ServiceSeen Now(string service) => _services[service];

    public RecordBuilder AddSeen(ServiceSeen seen)
    {
        _services[seen.Service] = seen;
        return Add(seen);
    }

    public RecordBuilder Ledger(
        string service, double at, string what, string cause, ExitStatus? exit = null, int? pid = null, params string[] files)
    {
        var generation = _services.GetValueOrDefault(service)?.Generation ?? 1;
        var entry = new LedgerEntry(Wall + At(at), what, cause, generation, pid, files, exit, null, null);
        return Add(new LedgerEntrySeen(At(Math.Max(0, at + 0.2)), service, At(at), entry));
    }

    public RecordBuilder NewWatcher(double at, double started, ExitStatus? lastExit)
    {
        WatcherPid = _nextPid++;
        return Add(new WatcherSeen(At(at), WatcherPhase.Watching, WatcherPid, At(started), 1, "inotify", Degraded: false, 0, lastExit));
    }

    /// <summary>A job that takes 2 s and changes the service, which is reloaded and serves the change 3 s later.</summary>
    public RecordBuilder Reload(string service, double at, int job)
    {
        Add(new JobBegan(At(at), job, "source-burst", [service]));
        Add(new JobEnded(At(at + 2), job, "source-burst", At(2), TimeSpan.Zero, [new TouchedFiles(service, 3)], null));

        if (service == InPlace)
            return Ledger(service, at + 2.5, "reloaded", "files", files: "api/a.py").Add(new ChangeServed(At(at + 3), job, service, At(1)));

        var old = Now(service);
        AddSeen(old with { At = At(at + 2.5), State = ServicePhase.Draining });
        Add(new RequestFailed(At(at + 2.6), service, At(at + 2.55), "connection reset"));
        Ledger(service, at + 3, "reloaded", "files", files: $"{service}/a.py");
        Up(service, at + 3, old.HostPid);
        Ledger(service, at + 4, "ready", "files");
        return Add(new ChangeServed(At(at + 5), job, service, At(3)));
    }

    /// <summary>A server dies of a fault and comes back after the first backoff.</summary>
    public RecordBuilder ServerFault(string service, double at, string name = "server-exit", string cause = "crash", double backoff = 0.5)
    {
        var (fault, old) = (_nextFault++, Now(service));
        Add(new FaultBegan(At(at), fault, name, FaultTarget.Server, service, old.Pid));
        Add(new FaultEnded(At(at + 0.1), fault, name, VictimDied: true, "exited with 3"));
        AddSeen(old with { At = At(at + 0.1), State = ServicePhase.Backoff, Pid = null, StartedAt = null });
        Add(new RequestFailed(At(at + 0.2), service, At(at + 0.2), "connection refused"));
        Ledger(service, at + 0.11, "failed", cause, cause == "oom" ? Died(at + 0.1, "SIGKILL") : Died(at + 0.1, null, 3), old.Pid);
        Ledger(service, at + 0.1 + backoff, "started", "crash");
        Up(service, at + 0.1 + backoff, old.HostPid);
        return Ledger(service, at + 1.1 + backoff, "ready", "crash");
    }

    public RecordBuilder HostFault(string service, double at)
    {
        var (fault, old) = (_nextFault++, Now(service));
        Add(new FaultBegan(At(at), fault, "host-kill", FaultTarget.Host, service, old.HostPid));
        Add(new FaultEnded(At(at + 0.1), fault, "host-kill", VictimDied: true, "died"));
        AddSeen(old with { At = At(at + 0.2), State = ServicePhase.Stopped, Pid = null, HostPid = null, StartedAt = null });
        Add(new RequestFailed(At(at + 0.3), service, At(at + 0.25), "connection refused"));
        Ledger(service, at + 1, "started", "autostart");
        Up(service, at + 1, _nextPid++);
        return Ledger(service, at + 2, "ready", "autostart");
    }

    /// <param name="gap">Until the next watcher starts.</param>
    public RecordBuilder WatcherFault(double at, string name = "watcher-abort", string signal = "SIGABRT", double gap = 0.02)
    {
        var fault = _nextFault++;
        Add(new FaultBegan(At(at), fault, name, FaultTarget.Watcher, null, WatcherPid));
        Add(new FaultEnded(At(at + 0.05), fault, name, VictimDied: true, $"died of {signal}"));
        return NewWatcher(at + gap + 0.3, at + 0.04 + gap, Died(at + 0.04, signal));
    }

    public RecordBuilder ParentFault(double at)
    {
        var fault = _nextFault++;
        Add(new FaultBegan(At(at), fault, "parent-kill", FaultTarget.Parent, null, ParentPid));
        ParentPid = _nextPid++;
        Add(new ParentSeen(At(at + 2), ParentPid, At(at + 1)));
        NewWatcher(at + 2.1, at + 1.5, lastExit: null);
        return Add(new FaultEnded(At(at + 2.2), fault, "parent-kill", VictimDied: true, "died; adopted"));
    }

    /// <summary>Requests every second and samples every five, with a heap that breathes; then the end.</summary>
    public RecordBuilder End(double at, double parentGrowthPerHour = 0)
    {
        var random = new Random(7);

        for (var second = 1; second < at; second++)
        {
            foreach (var service in _services.Keys)
                Add(new RequestsMade(At(second), service, 4, 0, At(0.01)));

            if (second % 5 == 0)
                Sample(second, random, parentGrowthPerHour * second / 3600);
        }

        return Add(new RunEnded(At(at), "the schedule is done"));
    }

    private void Sample(double at, Random random, double parentGrowth)
    {
        var watcher = _events.OfType<WatcherSeen>().Last(seen => seen.At <= At(at) && seen.Pid is not null).Pid!.Value;
        var parent = _events.OfType<ParentSeen>().Last(seen => seen.At <= At(at)).Pid;
        Process(at, "watcher", watcher, 30 + (2 * random.NextDouble()), 128);
        Process(at, "parent", parent, 12 + random.NextDouble() + parentGrowth, null);

        foreach (var (name, _) in _services)
        {
            var seen = _events.OfType<ServiceSeen>().Last(seen => seen.Service == name && seen.At <= At(at));

            if (seen is { Pid: { } pid, HostPid: { } host })
            {
                Process(at, $"server {name}", pid, 60, 256);
                Process(at, $"host {name}", host, 11 + random.NextDouble(), null);
            }
        }
    }

    private void Process(double at, string process, int pid, double megabytes, int? cap)
    {
        var bytes = (long)(megabytes * (1 << 20));
        Add(new ProcessSampled(At(at), process, pid, bytes, bytes / 2, bytes + (1 << 20), cap * (1L << 20), 20, 12, At(at * 0.1), null));
    }

    private void Up(string service, double at, int? host)
    {
        var old = Now(service);
        AddSeen(old with
        {
            At = At(at + 0.1), State = ServicePhase.Starting, Pid = _nextPid++, StartedAt = At(at), HostPid = host,
            Generation = old.Generation + 1,
        });
        AddSeen(Now(service) with { At = At(at + 1.1), State = ServicePhase.Ready });
    }
}
