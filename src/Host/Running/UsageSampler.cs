using Supervisor.Host.Serving;
using Supervisor.Processes;

namespace Supervisor.Host.Running;

/// <summary>
/// Looks every 2 s at what the server and everything it started use; every 10 s while nothing of it changes and no memory cap is to be kept. Where no kernel enforces the memory cap, two looks in a row above it end the
/// server; where the kernel has killed only one process of it (cgroup v1), the rest goes too: half a server is none.
/// </summary>
internal sealed class UsageSampler(ServerRunner runner, ServerLimits limits, Action<UsageSample> show, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan IdlePeriod = TimeSpan.FromSeconds(10);

    private int _generation;
    private long _resident;
    private TimeSpan _cpu;
    private TimeSpan _at;
    private int _oomKills;
    private int _over;

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, time);

        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                if (runner.Current is { } server)
                    timer.Period = Look(server) ? IdlePeriod : Period;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host is leaving.
        }
    }

    /// <returns>Whether it is idle.</returns>
    private bool Look(ServerProcess server)
    {
        var now = Moment.Now(time).Monotonic;
        var usage = ProcessStatistics.Sum(server.Members());
        var isSameRun = _generation == server.Launch.Generation;
        var kills = limits.OomKills();

        // A member that ended took its processor time with it: the sum may fall.
        double? percent = isSameRun && now > _at ? Math.Max(0, 100 * (usage.CpuTime - _cpu) / (now - _at)) : null;
        show(new UsageSample(usage.ResidentBytes, percent is { } value ? Math.Round(value, 1) : null));

        _over = limits.SampledMemoryBytes is { } cap && usage.ResidentBytes >= cap ? (isSameRun ? _over : 0) + 1 : 0;

        if (_over >= 2 || (isSameRun && kills > _oomKills))
            server.KillForMemory();

        var isIdle = isSameRun && usage.CpuTime == _cpu && usage.ResidentBytes == _resident && !limits.CapMemory;
        (_generation, _cpu, _at, _oomKills, _resident) = (server.Launch.Generation, usage.CpuTime, now, kills, usage.ResidentBytes);
        return isIdle;
    }
}
