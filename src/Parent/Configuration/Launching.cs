namespace Supervisor.Parent.Configuration;

/// <summary>How our children are spawned, greeted and cleared away: what they get on the command line, in the environment and in the hello.</summary>
internal sealed class Launching(
    TreePlan plan, RuntimeDirectory runtime, KillLadder ladder, ProcessLauncher launcher, Lineage lineage, TimeProvider time, Log log)
{
    public static readonly TimeSpan ToAdopt = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ToKill = TimeSpan.FromSeconds(2);

    /// <summary>RLIMIT_DATA counts every thread's stack, 8 MiB each, of which next to nothing is used.</summary>
    private const long ReservedForStacks = 128 << 20;

    /// <summary>
    /// The collector of a host comes after so much garbage, and takes some 100 µs; what it waits for is resident in every host. By itself it waits for as much
    /// as the processor's cache is large. A host keeps the variable from its server.
    /// </summary>
    private const long HostNurseryBytes = 256 << 10;

    /// <summary>Two, taken in turn: a watcher that arms must not take from the memory of the one that it is to replace.</summary>
    private readonly LimitGroup?[] _watcherLimits = new LimitGroup?[2];

    private long _tickets;

    public long NextTicket() => Interlocked.Increment(ref _tickets);

    /// <summary>null: it could not be spawned; the log says why.</summary>
    public ChildLink<IWatcher>? TrySpawnWatcher(Effect.SpawnWatcher order) => TrySpawn("watcher", () => SpawnWatcher(order));

    public ChildLink<IHost>? TrySpawnHost(string service) => TrySpawn(service, () => SpawnHost(service));

    private ChildLink<IWatcher> SpawnWatcher(Effect.SpawnWatcher order)
    {
        lineage.Write(order.Epoch);
        var caps = plan.Spec.Watcher.Limits;
        var limits = _watcherLimits[order.Berth] ??= LimitGroup.Create(runtime.Id, order.Berth == 0 ? "watcher" : "watcher-2", new ResourceCaps(caps.MemoryBytes, caps.Cores, caps.Processes));

        // A quarter is left for code, stacks and native memory.
        return ChildLink<IWatcher>.Spawn(launcher, new SpawnRequest([Program("supervisor-watcher")], "/", Environment("GCHeapHardLimit", caps.MemoryBytes / 4 * 3))
        {
            Confinement = new Confinement
            {
                ProcsFiles = limits.ProcsFiles,
                DataBytes = limits.Kind == LimitGroup.Sampling ? caps.MemoryBytes + ReservedForStacks : null,
                OomScoreAdjustment = 300,
            },
        }, runtime.WatcherSocket, time);
    }

    public long? WatcherMemoryBytes => plan.Spec.Watcher.Limits.MemoryBytes;

    public WatcherHello HelloToWatcher(Effect.SpawnWatcher order) => new(
        Protocol.Oldest, Protocol.Newest, Lineage.Build, order.Epoch, plan.Spec.Watcher,
        [.. plan.Spec.Services.Where(service => service.Watch is not null).Select(service => new Subscription(service.Name, service.Watch!))],
        order.Baseline, runtime.WatcherSnapshot, order.Degraded, order.Held, order.Standby);

    private ChildLink<IHost> SpawnHost(string service)
    {
        var scope = ladder.CreateScope(runtime.Id, service);
        var launch = new HostLaunch(
            plan[service], plan.HashOf(service), runtime.HostSocket(service), runtime.HostState(service), runtime.Logs, plan.Spec.Folder,
            scope.Tag ?? $"{runtime.Id}/{service}", scope.Rung, scope.Path);
        RecordFile.Write(runtime.HostLaunch(service), launch, ContractJson.Default.HostLaunch);

        var host = ChildLink<IHost>.Spawn(launcher, new SpawnRequest([Program("supervisor-host"), runtime.HostLaunch(service)], "/", Environment("GCgen0MaxBudget", HostNurseryBytes))
        {
            Confinement = new Confinement { OomScoreAdjustment = 100 },
        }, runtime.HostSocket(service), time);

        // Written by us and not by the host: a parent that comes after us must find it even if it never got to write anything.
        RecordFile.Write(MarkOf(service), new ProcessMark(host.Identity.Pid, host.Identity.PidfdInode, host.Identity.BootId), ContractJson.Default.ProcessMark);
        return host;
    }

    public Task<HostWelcome> HelloAsync(IHost host, CancellationToken cancellationToken) => host.HelloAsync(
        new HostHello(Protocol.Oldest, Protocol.Newest, Lineage.Build, lineage.Epoch, System.Environment.ProcessId,
        plan.Spec.OrphanGrace is { } grace ? grace.Period : lineage.Owned ? TimeSpan.FromSeconds(60) : null), cancellationToken);

    /// <summary>Services that have a host on record, by an earlier parent of this boot.</summary>
    public IReadOnlyList<string> Left() =>
        [.. Directory.GetFiles(runtime.Hosts, "*.launch").Select(path => Path.GetFileNameWithoutExtension(path))];

    public ChildLink<IHost>? TryAdopt(string service) => RecordFile.TryRead(MarkOf(service), ContractJson.Default.ProcessMark) is { } host
        ? ChildLink<IHost>.TryAdopt(host.AsIdentity(), runtime.HostSocket(service), time)
        : null;

    /// <summary>Ends the host of a service that is configured no more.</summary>
    public async Task DismissAsync(string service)
    {
        if (TryAdopt(service) is { } child)
        {
            try
            {
                await child.GreetAsync(MultiplexedPipe.DialRpc, link => link.Rpc.Attach<IHost>(), HelloAsync, ToAdopt, _ => Task.CompletedTask);
                await child.CallAsync(
                    "shutdown", (host, token) => Answered.ByAsync(host.ShutdownAsync(new StopOrder(false), token)), TimeSpan.FromSeconds(10), CancellationToken.None);
            }
            catch (Exception failure) when (failure is IOException or RemoteRpcException or TimeoutException)
            {
                // It does not answer: killed below, with all it started.
            }

            await child.KillAsync();
            await child.HangUpAsync();
        }

        await ClearAsync(service);
    }

    /// <summary>Kills what is left of a service whose host is dead and removes what it left in the runtime directory. true: proven gone.</summary>
    public async Task<bool> ClearAsync(string service)
    {
        await EndStrayAsync(service);

        // A host that died before it wrote anything had started nothing.
        var scope = RecordFile.TryRead(runtime.HostState(service), ContractJson.Default.HostFile) is { } record
            ? KillLadder.OpenScope(record.KillRung, record.ScopePath, record.Server?.AsIdentity(), record.Tag)
            : ladder.CreateScope(runtime.Id, service);
        var gone = await scope.KillAsync(ToKill, time);
        scope.Remove();
        File.Delete(runtime.HostSocket(service));
        File.Delete(runtime.HostLaunch(service));
        File.Delete(MarkOf(service));
        return gone;
    }

    /// <summary>Ends a host that its parent did not live to write down: while it lives, its lock keeps every other one of the service out.</summary>
    private async Task EndStrayAsync(string service)
    {
        var locked = Path.ChangeExtension(runtime.HostState(service), ".lock");

        if (FileLock.HolderPid(locked) is not { } pid || ProcessIdentity.TryRead(pid) is not { } found || ForeignProcess.TryOpen(found) is not { } stray)
            return;

        using (stray)
        {
            // Asked only now that this very process is held: the file may name one of long ago, whose pid has become somebody else's.
            if (ProcessStatistics.Describe(pid)?.Command.EndsWith(" " + runtime.HostLaunch(service), StringComparison.Ordinal) != true)
                return;

            stray.TrySignal(Signals.Kill);
            await stray.Gone.WaitAsync(ToKill, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private ChildLink<T>? TrySpawn<T>(string name, Func<ChildLink<T>> spawn)
    {
        try
        {
            var child = spawn();
            log.Spawned(name, child.Pid);
            return child;
        }
        catch (Exception failure) when (failure is SpawnException or IOException or UnauthorizedAccessException)
        {
            log.SpawnFailed(name, failure.Message);
            return null;
        }
    }

    /// <summary>Once the last watcher is gone.</summary>
    public void RemoveLimits() => Array.ForEach(_watcherLimits, limits => limits?.Remove());

    private string MarkOf(string service) => Path.ChangeExtension(runtime.HostLaunch(service), ".mark");

    private Dictionary<string, string> Environment(string setting, long? bytes)
    {
        var environment = InheritedEnvironment.Read();
        environment["SUPERVISOR_LOG_DIR"] = lineage.LogFolder;

        // Hexadecimal without 0x is what both runtimes read.
        if (bytes is { } limit)
            environment["DOTNET_" + setting] = limit.ToString("x");

        // Ours alone, but the hosts cap too.
        if (System.Environment.GetEnvironmentVariable(LimitGroup.KindVariable) is { } kind)
            environment[LimitGroup.KindVariable] = kind;

        return environment;
    }

    private static string Program(string name) => Path.Combine(AppContext.BaseDirectory, name);
}

internal static class ProcessMarks
{
    public static ProcessIdentity AsIdentity(this ProcessMark mark) => new(mark.Pid, mark.PidfdInode, mark.BootId);
}
