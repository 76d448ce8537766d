using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Flatness;

/// <summary>
/// The successive processes in one role. A lifetime is checked when it ends and at the end of the run. The values that each lifetime settled at after its
/// first minute form another series, which grows when something passes from one process to the next.
/// </summary>
internal sealed class RoleSeries(string role, CheckCounter checks, SteepestSlopes figures)
{
    /// <summary>Code is compiled, caches fill, memory of the first crawl is released.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(60);

    private readonly ProcessLifetime _acrossLifetimes = new();
    private ProcessLifetime _lifetime = new();
    private int? _pid;
    private TimeSpan _from;
    private int? _fault;

    public void Apply(ProcessSampled sample)
    {
        if (sample.Pid != _pid)
        {
            Close();
            (_pid, _from, _fault) = (sample.Pid, sample.At + WarmUp, null);
        }

        if (_fault is null && sample.At >= _from)
            _lifetime.Add(sample);
    }

    /// <summary>Growth caused by a fault (a leak, an event storm) is not the process's own: its series ends here.</summary>
    public void Exclude(FaultBegan fault)
    {
        if (fault.Pid is { } pid && pid != _pid)
            return;

        Close();
        _fault = fault.Fault;
    }

    /// <summary>The process continues and warms up again.</summary>
    public void Resume(FaultEnded fault)
    {
        if (fault.Fault == _fault)
            (_fault, _from) = (null, fault.At + WarmUp);
    }

    public void End()
    {
        Close();
        _acrossLifetimes.CheckSlopes($"{role}, from process to process,", checks, figures);
    }

    private void Close()
    {
        if (_pid is { } pid)
        {
            _lifetime.CheckSlopes($"{role} (pid {pid})", checks, figures);
            _lifetime.CheckCounts($"{role} (pid {pid})", checks, figures);
            _acrossLifetimes.AddSettled(_lifetime);
        }

        _lifetime = new ProcessLifetime();
    }
}
