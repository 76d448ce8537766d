using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Flatness;

/// <summary>
/// The processes that have filled one role, one after another. A life is judged when it ends, and at the end of the run; what
/// each life had settled at after its first minute is a series of its own, that grows when something is handed from life to
/// life.
/// </summary>
internal sealed class RoleSeries(string role, CheckCounter checks, SteepestSlopes figures)
{
    /// <summary>Code is compiled, caches fill, the first crawl is given back.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(60);

    private readonly ProcessLifetime _acrossLives = new();
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

    /// <summary>What a fault does to a process (a leak, a storm of events) is none of its own growth: its series ends here.</summary>
    public void Disturb(FaultBegan fault)
    {
        if (fault.Pid is { } pid && pid != _pid)
            return;

        Close();
        _fault = fault.Fault;
    }

    /// <summary>It lives on, and warms up once more.</summary>
    public void Calm(FaultEnded fault)
    {
        if (fault.Fault == _fault)
            (_fault, _from) = (null, fault.At + WarmUp);
    }

    public void End()
    {
        Close();
        _acrossLives.JudgeSlopes($"{role}, from life to life,", checks, figures);
    }

    private void Close()
    {
        if (_pid is { } pid)
        {
            _lifetime.JudgeSlopes($"{role} (pid {pid})", checks, figures);
            _lifetime.JudgeCounts($"{role} (pid {pid})", checks, figures);
            _acrossLives.AddSettled(_lifetime);
        }

        _lifetime = new ProcessLifetime();
    }
}
