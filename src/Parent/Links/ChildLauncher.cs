namespace Supervisor.Parent.Links;

/// <summary>Spawns the watcher and the hosts with their command lines, environments and hellos, and removes what a dead host leaves behind.</summary>
internal sealed class ChildLauncher(
    TreePlan initial, RuntimeDirectory runtime, KillLadder ladder, ProcessLauncher launcher, RunIdentity identity, TimeProvider time, Log log)
{
    public static readonly TimeSpan AdoptTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(2);

    /// <summary>RLIMIT_DATA counts every thread's stack as 8 MiB, although almost none of it is used.</summary>
    private const long ReservedForStacks = 128 << 20;

    /// <summary>
    /// The garbage collector of a host runs after this much garbage and takes some 100 µs; garbage stays resident in every host until then. Its default is
    /// the size of the processor's cache. A host does not pass the variable on to its server.
    /// </summary>
    private const long HostGen0Bytes = 256 << 10;

    /// <summary>Two, used alternately: a standby that reads its roots must not use up the memory limit of the active watcher.</summary>
    private readonly LimitGroup?[] _watcherLimits = new LimitGroup?[2];

    private long _tickets;

    /// <summary>Only the loop replaces it. A child keeps the plan that is current when the loop begins to spawn it.</summary>
    public TreePlan Plan { get; set; } = initial;

    public long NextTicket() => Interlocked.Increment(ref _tickets);

    /// <summary>null: it could not be spawned; the log says why.</summary>
    public ChildLink<IWatcher>? TrySpawnWatcher(Effect.SpawnWatcher order, TreePlan plan) => TrySpawn("watcher", () => SpawnWatcher(order, plan));

    public ChildLink<IHost>? TrySpawnHost(string service, TreePlan plan) => TrySpawn(service, () => SpawnHost(service, plan));

    private ChildLink<IWatcher> SpawnWatcher(Effect.SpawnWatcher order, TreePlan plan)
    {
        identity.Write(order.Epoch);
        var caps = plan.Spec.Watcher.Limits;
        var limits = _watcherLimits[order.GroupIndex] = LimitGroup.Create(runtime.Id, order.GroupIndex == 0 ? "watcher" : "watcher-2", new ResourceCaps(caps.MemoryBytes, caps.Cores, caps.Processes));

        // The other quarter is for code, stacks and native memory.
        return ChildLink<IWatcher>.Spawn(launcher, new SpawnRequest([Program("supervisor-watcher"), $"{System.Environment.ProcessId}"], "/", Environment("GCHeapHardLimit", caps.MemoryBytes / 4 * 3))
        {
            Confinement = new Confinement
            {
                ProcsFiles = limits.ProcsFiles,
                DataBytes = limits.Kind == LimitGroup.Sampling ? caps.MemoryBytes + ReservedForStacks : null,
                OomScoreAdjustment = 300,
            },
        }, runtime.WatcherSocket, time);
    }

    /// <summary>null: no watcher was spawned in it yet.</summary>
    public LimitGroup? LimitsOf(int groupIndex) => _watcherLimits[groupIndex];

    public WatcherHello HelloToWatcher(Effect.SpawnWatcher order, TreePlan plan) => new(
        Protocol.Oldest, Protocol.Newest, RunIdentity.Build, order.Epoch, plan.Spec.Watcher, plan.Subscriptions,
        order.Baseline, runtime.WatcherSnapshot, order.Degraded, order.Held, order.Standby);

    private ChildLink<IHost> SpawnHost(string service, TreePlan plan)
    {
        var scope = ladder.CreateScope(runtime.Id, service);
        var launch = new HostLaunch(
            plan[service], plan.HashOf(service)!, runtime.HostSocket(service), runtime.HostState(service), runtime.Logs, plan.Spec.Folder,
            scope.Tag ?? $"{runtime.Id}/{service}", scope.Rung, scope.Path, plan.Spec.SourceFor(plan[service]));
        RecordFile.Write(runtime.HostLaunch(service), launch, ContractJson.Default.HostLaunch);

        var host = ChildLink<IHost>.Spawn(launcher, new SpawnRequest([Program("supervisor-host"), runtime.HostLaunch(service)], "/", Environment("GCgen0MaxBudget", HostGen0Bytes))
        {
            Confinement = new Confinement { OomScoreAdjustment = 100 },
        }, runtime.HostSocket(service), time);

        // Written by the parent and not by the host: the next parent must find the host even if the host has written nothing.
        RecordFile.Write(IdentityFile(service), new ProcessMark(host.Identity.Pid, host.Identity.PidfdInode, host.Identity.BootId), ContractJson.Default.ProcessMark);
        return host;
    }

    public Task<HostWelcome> HelloAsync(IHost host, CancellationToken cancellationToken) => host.HelloAsync(
        new HostHello(Protocol.Oldest, Protocol.Newest, RunIdentity.Build, identity.Epoch, System.Environment.ProcessId,
        Plan.Spec.OrphanGrace is { } grace ? grace.Period : identity.Owned ? TimeSpan.FromSeconds(60) : null), cancellationToken);

    /// <summary>Services for which an earlier parent of this boot recorded a host.</summary>
    public IReadOnlyList<string> RecordedHosts() =>
        [.. Directory.GetFiles(runtime.Hosts, "*.launch").Select(path => Path.GetFileNameWithoutExtension(path))];

    public ChildLink<IHost>? TryAdopt(string service) => RecordFile.TryRead(IdentityFile(service), ContractJson.Default.ProcessMark) is { } host
        ? ChildLink<IHost>.TryAdopt(host.AsIdentity(), runtime.HostSocket(service), time)
        : null;

    public SharedHeartbeat? TryOpenHeartbeat(int pid, HostWelcome welcome) => SharedHeartbeat.TryOpen(pid, welcome.Heartbeat, identity.Epoch);

    /// <summary>Shuts down the host of a service that is no longer configured.</summary>
    public async Task ShutDownUnconfiguredAsync(string service)
    {
        if (TryAdopt(service) is { } child)
        {
            try
            {
                await child.ConnectAsync(MultiplexedPipe.DialRpc, link => link.Rpc.Attach<IHost>(), HelloAsync, AdoptTimeout, _ => Task.CompletedTask);
                await child.CallAsync(
                    "shutdown", (host, token) => Acknowledgement.OfAsync(host.ShutdownAsync(new StopOrder(false), token)), TimeSpan.FromSeconds(10), CancellationToken.None);
            }
            catch (Exception failure) when (failure is IOException or RemoteRpcException or TimeoutException)
            {
                // The host does not answer. It is killed below, with everything it started.
            }

            await child.KillAsync();
            await child.CloseAsync();
        }

        await ClearAsync(service);
    }

    /// <summary>
    /// Kills the remaining processes of a service whose host is dead and removes its files in the runtime directory. true: they are proven to have
    /// ended.
    /// </summary>
    public async Task<bool> ClearAsync(string service)
    {
        // A host whose parent died before it recorded the host: while it runs, its lock keeps every other host of the service from starting.
        await LockHolder.KillAsync(Path.ChangeExtension(runtime.HostState(service), ".lock"), runtime.HostLaunch(service), KillTimeout, time);

        // A host that died before it wrote its state file had started nothing.
        var scope = RecordFile.TryRead(runtime.HostState(service), ContractJson.Default.HostFile) is { } record
            ? KillLadder.OpenScope(record.KillRung, record.ScopePath, record.Server?.AsIdentity(), record.Tag)
            : ladder.CreateScope(runtime.Id, service);
        var gone = await scope.KillAsync(KillTimeout, time);
        scope.Remove();
        File.Delete(runtime.HostSocket(service));
        File.Delete(runtime.HostLaunch(service));
        File.Delete(IdentityFile(service));
        return gone;
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

    /// <summary>To be called after the last watcher has ended.</summary>
    public void RemoveLimits() => Array.ForEach(_watcherLimits, limits => limits?.Remove());

    private string IdentityFile(string service) => Path.ChangeExtension(runtime.HostLaunch(service), ".mark");

    private Dictionary<string, string> Environment(string setting, long? bytes)
    {
        var environment = InheritedEnvironment.Read();
        environment["SUPERVISOR_LOG_DIR"] = identity.LogFolder;

        // Both runtimes read hexadecimal without 0x.
        if (bytes is { } limit)
            environment["DOTNET_" + setting] = limit.ToString("x");

        // Not inherited by default, but hosts apply limits too.
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
