using Supervisor.Host.Persistence;
using Supervisor.Host.StateMachine;
using Supervisor.Processes;
using Supervisor.Wire;

namespace Supervisor.Host.Running;

/// <summary>
/// Samples every 2 s what the server and all its processes use; every 10 s while that does not change and there is no memory cap. Where the kernel does not
/// enforce the memory cap, two samples in a row above it kill the server. Where the kernel has killed only one of its processes (cgroup v1), the rest is
/// killed too: a partial server is of no use.
/// </summary>
internal sealed class UsageSampler(ServerRunner runner, ServerLimits limits, Action<UsageSample> report, Action<ProcessMark, long> keepPeak, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan IdlePeriod = TimeSpan.FromSeconds(10);

    private int _generation;
    private long _residentBytes;
    private TimeSpan _cpu;
    private TimeSpan _sampledAt;
    private long _keptPeakBytes;
    private int _samplesOverCap;

    public async Task RunAsync(CancellationToken stopping)
    {
        for (var period = Period; ;)
        {
            await Task.Delay(CommonMoments.UntilNext(period, time), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            if (stopping.IsCancellationRequested)
                return;

            if (runner.Current is { } server)
                period = Sample(server) ? IdlePeriod : Period;
        }
    }

    /// <returns>Whether the server is idle and has no memory cap.</returns>
    private bool Sample(ServerProcess server)
    {
        var now = Timestamp.Now(time).Monotonic;
        var usage = ProcessStatistics.Sum(server.Members());
        var isSameRun = _generation == server.Attempt.Generation;
        server.Sampled(usage.ResidentBytes);
        KeepPeak(server, isSameRun, usage.ResidentBytes);

        // The sum falls when a member ends, because its CPU time is no longer counted.
        double? percent = isSameRun && now > _sampledAt ? Math.Max(0, 100 * (usage.CpuTime - _cpu) / (now - _sampledAt)) : null;
        report(new UsageSample(usage.ResidentBytes, percent is { } value ? Math.Round(value, 1) : null));

        _samplesOverCap = limits.SampledMemoryBytes is { } cap && usage.ResidentBytes >= cap ? (isSameRun ? _samplesOverCap : 0) + 1 : 0;

        if (_samplesOverCap >= 2 || server.HasOomKill)
            server.KillForMemory();

        var isIdle = isSameRun && usage.CpuTime == _cpu && usage.ResidentBytes == _residentBytes && !limits.HasMemoryCap;
        (_generation, _cpu, _sampledAt, _residentBytes) = (server.Attempt.Generation, usage.CpuTime, now, usage.ResidentBytes);
        return isIdle;
    }

    /// <summary>On disk, for the case that the host dies with its server; only when it has grown by a tenth, so that a leak does not write without end.</summary>
    private void KeepPeak(ServerProcess server, bool isSameRun, long residentBytes)
    {
        if (!isSameRun)
            _keptPeakBytes = 0;

        // A server that has only just been forked has no memory of its own yet: that is no peak.
        if (residentBytes <= _keptPeakBytes + _keptPeakBytes / 10)
            return;

        _keptPeakBytes = residentBytes;
        keepPeak(PersistedHostState.Mark(server.Identity), residentBytes);
    }
}
