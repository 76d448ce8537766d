using Supervisor.Stress.Invariants;
using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress;

/// <summary>A record of a run of any length, made from a seed: for reports, not for invariants.</summary>
internal sealed class SyntheticRun(TimeSpan length, int seed)
{
    public static readonly DateTimeOffset Midnight = new(2026, 3, 14, 0, 0, 0, TimeSpan.Zero);

    private static readonly (string Name, FaultTarget Target)[] Faults =
    [
        ("watcher-abort", FaultTarget.Watcher), ("watcher-double-free", FaultTarget.Watcher), ("watcher-hang", FaultTarget.Watcher),
        ("watcher-leak", FaultTarget.Watcher), ("server-crash", FaultTarget.Server), ("server-hang", FaultTarget.Server),
        ("host-kill", FaultTarget.Host), ("parent-kill", FaultTarget.Parent),
    ];

    private readonly Random _random = new(seed);
    private readonly List<RunEvent> _events = [];
    private readonly Dictionary<string, (int Pid, TimeSpan Cpu, double Memory)> _processes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _generations = new(StringComparer.Ordinal);
    private int _pid = 4000;
    private int _restarts;

    public static ServiceFacts[] Services { get; } =
    [
        new("web", "django", 8000, ReloadsInPlace: false, Untouched: false, 700, 512L << 20),
        new("api", "uvicorn", 8001, ReloadsInPlace: false, Untouched: false, 600, 512L << 20),
        new("assets", "node", 8002, ReloadsInPlace: true, Untouched: false, 500, CapBytes: null),
        new("still", "puppet", 8003, ReloadsInPlace: false, Untouched: true, 200, CapBytes: null),
    ];

    public static RunVerdict Verdict(int violated) => new(Verdicts(violated), IsWhole: true);

    /// <summary>Verdicts, of which one may be violated and one is not applicable.</summary>
    public static IReadOnlyList<InvariantVerdict> Verdicts(int violated) =>
    [
        new("Unaffected servers keep their pid and generation", 14_212, 0, [], "4 servers, 61 faults that were none of their business"),
        new(
            "Each change is served within 10 s", 812, violated,
            [.. Enumerable.Range(1, violated).Select(n => new Violation(TimeSpan.FromSeconds(97 * n), $"job {n} wrote src/<b>&\"{n}\".py, web still serves what was there before"))],
            "p50 0.61 s, p99 3.02 s, at most 7.85 s"),
        new("Requests to healthy services succeed", 57_600, 0, [], "slowest 212 ms"),
        new("Caps hold", 8_640, 0, [], "watcher at most 117 MB of 128 MB"),
        new("Backoff is obeyed", 31, 0, [], "shortest 96 ms of 75 ms"),
        new("Memory, descriptors and threads stay flat", 30, 0, [], "parent RSS +0.4 MB/h ± 0.9"),
        new("Nothing is left behind", 4, 0, [], "no process, zombie, port or file"),
        new("Every restart has its cause in the ledger", 455, 0, [], "455 of 455"),
        new("What is killed comes back", 0, 0, [], "", NotApplicable: "nothing was killed"),
    ];

    public IReadOnlyList<RunEvent> Events()
    {
        Begin();
        var job = 0;
        var fault = 0;
        for (var second = 1; second < length.TotalSeconds; second++)
        {
            var at = TimeSpan.FromSeconds(second);
            Requests(at);
            if (second % 5 == 0)
                Samples(at, second);
            if (second % 13 == 0)
                Job(at, job++);
            if (second % 57 == 0)
                Fault(at, fault++);
        }

        _events.Add(new RunEnded(length, "the schedule is done"));
        return [.. _events.OrderBy(runEvent => runEvent.At)];
    }

    private void Begin()
    {
        var tools = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["git"] = "2.39.5", ["gcc"] = "12.2.0", ["node"] = "v20.19.2", ["npm"] = "9.2.0", ["tar"] = "1.34", ["cargo"] = "missing",
        };
        var environment = new RunEnvironment(
            Midnight, "Intel(R) Xeon(R) Processor @ 2.20GHz", "Linux 6.1.0-18-amd64", 2, 8L << 30, "native", "80415cf9c1d2", tools,
            $"dotnet run --project stress -- --duration {length.TotalMinutes:0}m --seed {seed} --scenario night");
        _events.Add(new RunBegan(TimeSpan.Zero, new RunPlan("night", seed, length, 1, 3, TimeSpan.FromSeconds(40)), environment, Services));
        Start("parent", TimeSpan.Zero, 31);
        Start("watcher", TimeSpan.Zero, 42);
        foreach (var service in Services)
        {
            Start("host " + service.Name, TimeSpan.Zero, 22);
            Start("server " + service.Name, TimeSpan.Zero, 60);
        }
    }

    private void Start(string process, TimeSpan at, double memory)
    {
        _processes[process] = (_pid++, TimeSpan.Zero, memory);
        var pid = _processes[process].Pid;
        if (process == "parent")
            _events.Add(new ParentSeen(at, pid, at));
        else if (process == "watcher")
            _events.Add(new WatcherSeen(at, WatcherPhase.Watching, pid, at, _restarts + 1, "inotify", Degraded: false, _restarts, LastExit: null));
        else if (process.Split(' ') is ["server", var service])
            Serve(service, at, pid);
    }

    private void Serve(string service, TimeSpan at, int pid)
    {
        var generation = _generations[service] = _generations.GetValueOrDefault(service) + 1;
        _events.Add(new ServiceSeen(at, service, ServicePhase.Ready, Stale: false, pid, at, _processes["host " + service].Pid, generation, Reason: null));
    }

    private void Requests(TimeSpan at)
    {
        foreach (var service in Services)
            _events.Add(new RequestsMade(at, service.Name, 4, 0, TimeSpan.FromMilliseconds(3 + (_random.NextDouble() * 20))));
    }

    private void Samples(TimeSpan at, int second)
    {
        foreach (var (process, (pid, cpu, memory)) in _processes.ToList())
        {
            var share = process.StartsWith("server", StringComparison.Ordinal) ? _random.NextDouble() * 0.3 : _random.NextDouble() * 0.02;
            var used = cpu + TimeSpan.FromSeconds(5 * share);
            var grown = memory + ((_random.NextDouble() - 0.5) * 2);
            _processes[process] = (pid, used, grown);
            var bytes = (long)(grown * (1 << 20));
            var isWatcher = process == "watcher";
            _events.Add(new ProcessSampled(
                at, process, pid, bytes, second % 25 == 0 ? (long)(bytes * 0.6) : null, bytes + (2 << 20), isWatcher ? 128L << 20 : null,
                Descriptors: 40, Threads: 12, used, isWatcher ? _random.Next(20) * _random.Next(20) : null));
        }
    }

    private void Job(TimeSpan at, int job)
    {
        var service = Services[job % 3].Name;
        var ended = at + TimeSpan.FromSeconds(1 + _random.NextDouble());
        var latency = TimeSpan.FromMilliseconds(300 * Math.Exp(_random.NextDouble() * 2.5));
        _events.Add(new JobBegan(at, job, "write-burst", [service]));
        _events.Add(new JobEnded(ended, job, "write-burst", ended - at, TimeSpan.Zero, [new TouchedFiles(service, _random.Next(1, 90))], Trouble: null));
        _events.Add(new ChangeServed(ended + latency, job, service, latency));
        Start("server " + service, ended + latency, 60);
        _events.Add(Ledger(service, ended + latency, "reloaded", "files"));
    }

    private void Fault(TimeSpan at, int fault)
    {
        var (name, target) = Faults[_random.Next(Faults.Length)];
        var service = target is FaultTarget.Server or FaultTarget.Host ? Services[_random.Next(3)].Name : null;
        var victim = target is FaultTarget.Watcher or FaultTarget.Parent ? target.ToString().ToLowerInvariant() : $"server {service}";
        if (fault % 9 == 8)
        {
            _events.Add(new FaultSkipped(at, fault, name, "the watcher is in backoff"));
            return;
        }

        _events.Add(new FaultBegan(at, fault, name, target, service, _processes[victim].Pid));
        var over = at + TimeSpan.FromMilliseconds(_random.Next(3, 900));
        _events.Add(new FaultEnded(over, fault, name, VictimDied: true, $"died of SIGABRT after {(over - at).TotalMilliseconds:0} ms"));
        _restarts += target == FaultTarget.Watcher ? 1 : 0;
        if (target == FaultTarget.Host)
            Start("host " + service, over, 22);
        var back = over + TimeSpan.FromMilliseconds(_random.Next(200, 4000));
        Start(victim, back, target == FaultTarget.Watcher ? 42 : 60);
        _events.Add(Ledger(service ?? victim, back, "started", "crash"));
        if (service is not null)
            _events.Add(new RequestsMade(over, service, 4, 3, TimeSpan.FromSeconds(1)));
    }

    private LedgerEntrySeen Ledger(string service, TimeSpan at, string what, string cause) =>
        new(at, service, at, new LedgerEntry(
            Midnight + at, what, cause, _generations.GetValueOrDefault(service), Pid: null, [], Exit: null, Detail: null, DowntimeMs: null));
}
