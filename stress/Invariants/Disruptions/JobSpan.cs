using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Disruptions;

/// <summary>
/// From the moment a job may touch a service's files until nothing of it can reach the server any more: what it changed is
/// served, the service is ready, and the last of its batches has had its time.
/// </summary>
internal sealed class JobSpan(JobBegan began)
{
    /// <summary>
    /// A job that writes for a while comes in several batches. The server that starts for the first may read, and serve, all of
    /// it: the second reloads it once more. So does what came and went unseen during a start, and either may be held to one
    /// reload in 10 s; the rest is settling and a stop.
    /// </summary>
    public static readonly TimeSpan FollowUpTime = ProductSpec.ReloadPeriod + ProductSpec.StopGrace;

    private bool _ended;
    private bool _owes;
    private bool _answered;

    public int Job => began.Job;

    public string Why => $"job {began.Job} ({began.Name})";

    public TimeRange Range { get; private set; } = new(began.At, Until: null);

    public void Ended(JobEnded ended, bool touched, bool serving)
    {
        // Whoever looks at what is served may be quicker than whoever tells of the job's end.
        (_ended, _owes) = (true, touched && !_answered);
        Settle(ended.At, serving);
    }

    public void Answered(TimeSpan at, bool serving)
    {
        (_owes, _answered) = (false, true);
        Settle(at, serving);
    }

    public void Settle(TimeSpan at, bool serving)
    {
        if (_ended && !_owes && serving && Range.Until is null)
            Range = Range with { Until = at + FollowUpTime };
    }
}
