using Supervisor.Processes;
using Supervisor.Wire.Records;

namespace Supervisor.Cli.Doctor;

/// <summary>What a dead run has left of one service: its host, and what that started. Only processes whose recorded identity, cgroup or tag proves that they are ours.</summary>
internal sealed class DeadService
{
    private static readonly TimeSpan HostTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestGrace = TimeSpan.FromSeconds(30);

    private readonly HostLaunch _launch;
    private readonly string _launchPath;
    private readonly ProcessIdentity? _host;
    private readonly IReadOnlyList<ProcessScope> _scopes;

    private DeadService(string launchPath, HostLaunch launch, HostFile? file)
    {
        (_launchPath, _launch) = (launchPath, launch);
        _host = KnownTree.HostMark(launchPath);
        ProcessIdentity? server = file?.Server is { } mark ? KnownTree.Identity(mark) : null;
        var tagged = KillLadder.OpenLeftovers(launch.Tag, server);

        // Beside the server's cgroup are those of its build and its validation.
        _scopes = launch is { KillRung: KillLadder.Cgroup2 or KillLadder.Freezer, ScopePath: { } scope }
            ? [.. Cgroups(scope).Select(path => KillLadder.OpenScope(launch.KillRung, path, leader: null, tag: null)), tagged]
            : [tagged];
    }

    public static IReadOnlyList<DeadService> Of(KnownTree tree) =>
        [.. tree.Launches.Select(host => new DeadService(host.Path, host.Launch, RecordFile.TryRead(host.Launch.StatePath, ContractJson.Default.HostFile)))];

    public IReadOnlyList<LeftProcess> Processes() =>
        [.. HostPids().Concat(_scopes.SelectMany(scope => scope.Members()).Order()).Distinct()
            .Select(ProcessStatistics.Describe).OfType<ProcessDescription>()
            .Select(process => new LeftProcess(
                process.Pid, _launch.Spec.Name, process.Command.EndsWith(" " + _launchPath, StringComparison.Ordinal) ? "supervisor-host" : process.Command))];

    /// <summary>Asks the host to stop its server, waits out the grace period, then kills what is left. Returns once that is gone, or after a further 2 s for each cgroup.</summary>
    public async Task EndAsync(TimeProvider time)
    {
        if (_host is { } identity && ForeignProcess.TryOpen(identity) is { } host)
        {
            using (host)
            {
                host.TrySignal(Signals.Terminate);
                var grace = _launch.Spec.Stop.Longest is var longest && longest < LongestGrace ? longest : LongestGrace;
                await host.Gone.WaitAsync(grace + HostTimeout, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                host.TrySignal(Signals.Kill);
                await host.Gone.WaitAsync(StopSequence.KillDeadline, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // Its parent died before it recorded it.
        await LockHolder.KillAsync(Path.ChangeExtension(_launch.StatePath, ".lock"), _launchPath, StopSequence.KillDeadline, time);

        foreach (var scope in _scopes)
        {
            await scope.KillAsync(StopSequence.KillDeadline, time);
            scope.Remove();
        }
    }

    private static IEnumerable<string> Cgroups(string scope) => Path.GetDirectoryName(scope) is { } parent && Directory.Exists(parent)
        ? Directory.EnumerateDirectories(parent, Path.GetFileName(scope) + "+*").Prepend(scope).Where(Directory.Exists)
        : [];

    private IEnumerable<int> HostPids()
    {
        if (_host is { IsAlive: true } host)
            yield return host.Pid;
        else if (FileLock.HolderPid(Path.ChangeExtension(_launch.StatePath, ".lock")) is { } pid
            && ProcessStatistics.Describe(pid)?.Command.EndsWith(" " + _launchPath, StringComparison.Ordinal) == true)
            yield return pid;
    }
}
