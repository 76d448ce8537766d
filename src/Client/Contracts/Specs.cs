using System.Text.Json.Serialization;

namespace Supervisor.Client;

/// <summary>The validated configuration with all defaults filled in and all paths absolute.</summary>
/// <param name="ConfigPath">Absolute path of the configuration file.</param>
/// <param name="Reload">What an edited configuration file causes.</param>
/// <param name="OrphanGrace">How long hosts serve without a parent; null: for ever, or 60 s where a terminal owns the run.</param>
public sealed record TreeSpec(
    string ConfigPath, WatcherSpec Watcher, OrphanGrace? OrphanGrace, IReadOnlyList<ServiceSpec> Services, ReloadMode Reload = ReloadMode.Tell)
{
    private static readonly Dictionary<string, IReadOnlyList<string>> NoGroups = new(StringComparer.Ordinal);

    /// <summary>The folder of the configuration file; paths shown to people are relative to it.</summary>
    [JsonIgnore] public string Folder => Path.GetDirectoryName(ConfigPath)!;

    /// <summary>Names that stand for services, and what they stand for: groups, and entries with instances.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Groups { get; init; } = NoGroups;

    /// <summary>The file's text, for a host: it reads its service again when an env file has changed.</summary>
    [JsonIgnore] public string Text { get; init; } = "";

    /// <summary>What services need and what is not there now, each with its place in the file: they do not start without it.</summary>
    [JsonIgnore] public IReadOnlyList<string> Lacks { get; init; } = [];

    /// <summary>Services whose env files are not all there: not every value is known.</summary>
    [JsonIgnore] public IReadOnlyList<string> Incomplete { get; init; } = [];

    /// <summary>Everything that the watcher watches.</summary>
    [JsonIgnore] public IReadOnlyList<Subscription> Subscriptions => [.. Services.SelectMany(service => service.Subscriptions)];

    /// <summary>This configuration in a tree that runs the earlier one: of a service whose env file has gone, what was read last counts.</summary>
    public TreeSpec Over(TreeSpec earlier)
    {
        var known = earlier.Services.Where(service => !earlier.Incomplete.Contains(service.Name, StringComparer.Ordinal))
            .ToDictionary(service => service.Name, StringComparer.Ordinal);
        return this with
        {
            Services = [.. Services.Select(now => Incomplete.Contains(now.Name, StringComparer.Ordinal) ? known.GetValueOrDefault(now.Name, now) : now)],
            Incomplete = [.. Incomplete.Where(service => !known.ContainsKey(service))],
        };
    }

    /// <summary>For the host of a service with env files; null: the service has none.</summary>
    public ConfigurationSource? SourceFor(ServiceSpec service) => service.EnvFiles is null ? null : new ConfigurationSource(ConfigPath, Text);
}

[JsonConverter(typeof(JsonStringEnumConverter<ReloadMode>))]
public enum ReloadMode
{
    /// <summary>The status and the terminal say what a reload would change.</summary>
    [JsonStringEnumMemberName("tell")] Tell,

    /// <summary>It is applied at once, unless it has mistakes.</summary>
    [JsonStringEnumMemberName("auto")] Auto,
}

/// <param name="Period">null: for ever.</param>
public sealed record OrphanGrace(TimeSpan? Period);

/// <param name="Settle">null: adaptive, 10 to 250 ms.</param>
public sealed record WatcherSpec(
    WatchBackend Backend, LimitsSpec Limits, BackoffSpec Backoff, CompareMode Compare, TimeSpan? Settle,
    IReadOnlyList<string> Ignore, bool Gitignore);

[JsonConverter(typeof(JsonStringEnumConverter<WatchBackend>))]
public enum WatchBackend
{
    [JsonStringEnumMemberName("auto")] Auto,
    [JsonStringEnumMemberName("inotify")] Inotify,
    [JsonStringEnumMemberName("native")] Native,
    [JsonStringEnumMemberName("poll")] Poll,
    [JsonStringEnumMemberName("watchman")] Watchman,
}

[JsonConverter(typeof(JsonStringEnumConverter<CompareMode>))]
public enum CompareMode
{
    /// <summary>A file whose bytes are the same has not changed, whatever its times say.</summary>
    [JsonStringEnumMemberName("content")] Content,

    /// <summary>A changed time or size is a change: a bare <c>touch</c> counts.</summary>
    [JsonStringEnumMemberName("metadata")] Metadata,
}

/// <summary>The configuration of one dev server.</summary>
/// <param name="Command">The program and its arguments; a command given as one string is run by <c>/bin/sh -c</c>, with <c>exec</c> where it is one simple command.</param>
/// <param name="WorkingDirectory">Absolute.</param>
/// <param name="Environment">
/// What the configuration adds (<c>env</c> over <c>envFile</c>); the rest is inherited from the environment in which the tree was started.
/// </param>
/// <param name="EnvFiles">null: none.</param>
/// <param name="RestartWith">When one of these has been started again and is up, this one is restarted; null: none.</param>
/// <param name="Logs">null: <see cref="LogsSpec.Default"/>.</param>
/// <param name="Tty">Its three standard streams are a terminal of its own, to which people can attach; <paramref name="Stdin"/> is then open.</param>
public sealed record ServiceSpec(
    string Name, IReadOnlyList<string> Command, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment,
    int? Port, PortConflict OnPortConflict, WatchSpec? Watch, ValidateSpec? Validate, ReadySpec? Ready,
    RestartSpec Restart, StopSpec Stop, LimitsSpec Limits,
    IReadOnlyDictionary<string, DependencyCondition> DependsOn, bool Autostart, EnvFilesSpec? EnvFiles = null, HealthSpec? Health = null,
    StandardInputMode Stdin = StandardInputMode.Open, BuildSpec? Build = null, bool Tty = false, IReadOnlyList<string>? RestartWith = null, LogsSpec? Logs = null)
{
    /// <summary>A reload that takes longer has failed: builds, validation, stop and start.</summary>
    [JsonIgnore] public TimeSpan LongestReload =>
        (BuildSpec.MaxRounds * (Build?.Timeout ?? TimeSpan.Zero)) + (Validate?.Timeout ?? TimeSpan.Zero) + Stop.Longest + (Ready?.Timeout ?? TimeSpan.Zero);

    /// <summary>The env files are watched whatever the watch rules say: git ignores most of them.</summary>
    [JsonIgnore] public IEnumerable<Subscription> Subscriptions
    {
        get
        {
            if (Watch is not null)
                yield return new Subscription(Name, Watch);

            // Content only: a host knows what its server got from the files, whatever they were meanwhile.
            if (EnvFiles is not null)
            {
                yield return new Subscription(
                    Name, new WatchSpec(EnvFiles.Paths, [], [], TimeSpan.Zero, new OnChange(ChangeAction.Restart, Signal: null)), ContentOnly: true);
            }
        }
    }
}

/// <summary>What a server finds at its standard input.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StandardInputMode>))]
public enum StandardInputMode
{
    /// <summary>Nothing, and no end, as long as the server and its host live.</summary>
    [JsonStringEnumMemberName("open")] Open,

    /// <summary>The end, at once: /dev/null.</summary>
    [JsonStringEnumMemberName("null")] Null,
}

/// <summary>The files that a service's environment comes from.</summary>
/// <param name="Paths">Absolute; that of all services first.</param>
/// <param name="Variables">The names of the variables whose value comes from one of the files.</param>
public sealed record EnvFilesSpec(IReadOnlyList<string> Paths, IReadOnlyList<string> Variables);

/// <summary>A configuration file as it was read.</summary>
/// <param name="Path">Absolute.</param>
public sealed record ConfigurationSource(string Path, string Text);

[JsonConverter(typeof(JsonStringEnumConverter<PortConflict>))]
public enum PortConflict
{
    [JsonStringEnumMemberName("block")] Block,
    [JsonStringEnumMemberName("next")] Next,
}

/// <param name="Paths">Absolute roots: directories or single files.</param>
/// <param name="Include">Globs relative to each root (a glob without a slash matches at any depth); empty: everything.</param>
/// <param name="Ignore">Globs relative to each root, in addition to the built-in ones and the watcher's own.</param>
/// <param name="FollowLinks">What a symbolic link beneath a path leads to is watched as well, under the link's path.</param>
public sealed record WatchSpec(
    IReadOnlyList<string> Paths, IReadOnlyList<string> Include, IReadOnlyList<string> Ignore, TimeSpan Debounce, OnChange OnChange, bool FollowLinks = true);

/// <summary>What a relevant change does to the server.</summary>
/// <param name="Signal">Number of the signal to send, for <see cref="ChangeAction.Signal"/>.</param>
public sealed record OnChange(ChangeAction Action, int? Signal);

[JsonConverter(typeof(JsonStringEnumConverter<ChangeAction>))]
public enum ChangeAction
{
    [JsonStringEnumMemberName("restart")] Restart,
    [JsonStringEnumMemberName("signal")] Signal,
    [JsonStringEnumMemberName("none")] None,
}

/// <summary>Makes what the service's command runs: before each start that is not a recovery, and before each reload.</summary>
public sealed record BuildSpec(IReadOnlyList<string> Command, TimeSpan Timeout)
{
    /// <summary>How often it runs for one reload while files that it may have missed go on changing.</summary>
    public const int MaxRounds = 3;
}

/// <param name="AtStart">It also runs before a requested start, when no server runs that could go on.</param>
public sealed record ValidateSpec(IReadOnlyList<string> Command, TimeSpan Timeout, bool AtStart);

/// <summary>A readiness probe, or several.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Http), "http")]
[JsonDerivedType(typeof(Tcp), "tcp")]
[JsonDerivedType(typeof(OutputLine), "log")]
[JsonDerivedType(typeof(Exec), "exec")]
[JsonDerivedType(typeof(Notify), "notify")]
[JsonDerivedType(typeof(All), "all")]
public abstract record ReadySpec(TimeSpan Timeout)
{
    /// <summary>null: <see cref="ProbePace.Default"/>.</summary>
    public ProbePace? Pace { get; init; }

    /// <summary>The single probes.</summary>
    public IReadOnlyList<ReadySpec> Each() => this is All all ? all.Conditions : [this];

    /// <summary>Ready once a GET answers as expected. The host localhost means 127.0.0.1 and ::1.</summary>
    public sealed record Http(Uri Url, TimeSpan Timeout) : ReadySpec(Timeout)
    {
        /// <summary>What counts as success; null: 100 to 399.</summary>
        public IReadOnlyList<StatusRange>? Statuses { get; init; }

        /// <summary>Of the request; one that we would send anyway is replaced. null: ours only.</summary>
        public IReadOnlyDictionary<string, string>? Headers { get; init; }
    }

    /// <summary>Ready once a connection is accepted. The host localhost means 127.0.0.1 and ::1.</summary>
    public sealed record Tcp(string Host, int Port, TimeSpan Timeout) : ReadySpec(Timeout);

    /// <param name="Pattern">A .NET regular expression, matched against single lines of output.</param>
    public sealed record OutputLine(string Pattern, TimeSpan Timeout) : ReadySpec(Timeout);

    /// <summary>Ready once the command exits with 0.</summary>
    public sealed record Exec(IReadOnlyList<string> Command, TimeSpan Timeout) : ReadySpec(Timeout);

    /// <summary>Ready once the server has sent READY=1 as sd_notify(3) does; healthy while it sends WATCHDOG=1.</summary>
    public sealed record Notify(TimeSpan Timeout) : ReadySpec(Timeout);

    /// <summary>Ready once each of them has succeeded once.</summary>
    /// <param name="Conditions">Single probes of different kinds, at least two.</param>
    public sealed record All(IReadOnlyList<ReadySpec> Conditions, TimeSpan Timeout) : ReadySpec(Timeout);
}

/// <summary>Statuses of HTTP, from 100 to 599.</summary>
/// <param name="Last">At least <paramref name="First"/>; it belongs to the range.</param>
public sealed record StatusRange(int First, int Last);

/// <summary>When the probes of a server that is not ready ask. Does not concern those that wait to be told.</summary>
/// <param name="Interval">From the end of one attempt to the next; null: 100 ms, which doubles up to 1 s.</param>
/// <param name="Successes">So many in a row, from 1 on, and it is ready.</param>
/// <param name="Delay">From the start of the server to the first attempt.</param>
public sealed record ProbePace(TimeSpan? Interval, int Successes, TimeSpan Delay)
{
    public static readonly ProbePace Default = new(Interval: null, Successes: 1, Delay: TimeSpan.Zero);
}

/// <summary>A check of a server that serves, again and again until it ends.</summary>
/// <param name="Probe">Its timeout is that of one attempt.</param>
/// <param name="Interval">From the end of one attempt to the next.</param>
/// <param name="Failures">So many in a row, and the server is unhealthy.</param>
/// <param name="Successes">So many in a row, and an unhealthy server is healthy again.</param>
/// <param name="Delay">From readiness to the first check; null: <paramref name="Interval"/>.</param>
public sealed record HealthSpec(
    ReadySpec Probe, TimeSpan Interval, int Failures, HealthAction OnFailure, int Successes = 1, TimeSpan? Delay = null);

[JsonConverter(typeof(JsonStringEnumConverter<HealthAction>))]
public enum HealthAction
{
    /// <summary>The status, the terminal and the ledger say so.</summary>
    [JsonStringEnumMemberName("tell")] Tell,

    /// <summary>It is stopped and started again, as after a crash.</summary>
    [JsonStringEnumMemberName("restart")] Restart,
}

public sealed record RestartSpec(RestartPolicy Policy, BackoffSpec Backoff, CrashLoopSpec CrashLoop);

[JsonConverter(typeof(JsonStringEnumConverter<RestartPolicy>))]
public enum RestartPolicy
{
    [JsonStringEnumMemberName("on-failure")] OnFailure,
    [JsonStringEnumMemberName("always")] Always,
    [JsonStringEnumMemberName("never")] Never,
}

public sealed record BackoffSpec(TimeSpan Initial, TimeSpan Max);

public sealed record CrashLoopSpec(int Failures, TimeSpan Within);

/// <param name="Signal">Number of the signal that asks the server to end.</param>
/// <param name="Grace">From the signal to the kill.</param>
/// <param name="Command">What stops the server, with a grace period of its own before the signal; null: the signal alone does.</param>
public sealed record StopSpec(int Signal, TimeSpan Grace, IReadOnlyList<string>? Command = null)
{
    /// <summary>From the request to the kill.</summary>
    [JsonIgnore] public TimeSpan Longest => Command is null ? Grace : 2 * Grace;
}

/// <param name="MemoryBytes">In bytes.</param>
/// <param name="Cores">Processor time as a number of cores: 0.5 is "50%".</param>
/// <param name="Files">Soft limit of open files; null: the inherited one, raised to 10,240 or the hard limit if it is lower.</param>
public sealed record LimitsSpec(long? MemoryBytes, double? Cores, int? Processes, int? Files);

[JsonConverter(typeof(JsonStringEnumConverter<DependencyCondition>))]
public enum DependencyCondition
{
    [JsonStringEnumMemberName("ready")] Ready,
    [JsonStringEnumMemberName("started")] Started,

    /// <summary>With exit code 0.</summary>
    [JsonStringEnumMemberName("completed")] Completed,

    /// <summary>With any exit code; it does not start again by itself.</summary>
    [JsonStringEnumMemberName("ended")] Ended,
}
