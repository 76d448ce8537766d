using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants.Disruptions;

/// <summary>
/// From the moment a job may change a service's files until none of its changes can reach the server any more: they are served, the service is ready, and the
/// last batch has had its time.
/// </summary>
internal sealed class JobSpan(JobBegan began)
{
    /// <summary>
    /// A job that writes for a while produces several batches. The server that starts for the first may already read and serve all of it; the second batch
    /// reloads it once more. So does a change that came and went during a start. Both may be held to one reload in 10 s; the rest is settling and a stop.
    /// </summary>
    public static readonly TimeSpan FollowUpTime = ProductSpec.ReloadPeriod + ProductSpec.StopGrace;

    private bool _ended;
    private bool _pending;
    private bool _served;

    public int Job => began.Job;

    public string Why => $"job {began.Job} ({began.Name})";

    public TimeRange Range { get; private set; } = new(began.At, Until: null);

    public void Ended(JobEnded ended, bool touched, bool serving)
    {
        // The observer of contents may report before the end of the job is recorded.
        (_ended, _pending) = (true, touched && !_served);
        Settle(ended.At, serving);
    }

    public void Served(TimeSpan at, bool serving)
    {
        (_pending, _served) = (false, true);
        Settle(at, serving);
    }

    public void Settle(TimeSpan at, bool serving)
    {
        if (_ended && !_pending && serving && Range.Until is null)
            Range = Range with { Until = at + FollowUpTime };
    }
}
