using Supervisor.Supervision;

namespace Supervisor.Host.Serving;

/// <summary>The configured words as the rules that the supervision library knows.</summary>
internal static class Rules
{
    public static RestartMode Mode(RestartPolicy policy) => policy switch
    {
        RestartPolicy.Always => RestartMode.Always,
        RestartPolicy.Never => RestartMode.Never,
        _ => RestartMode.OnFailure,
    };

    public static BackoffRule Backoff(RestartSpec restart) => new(restart.Backoff.Initial, restart.Backoff.Max);

    public static CrashLoopRule CrashLoop(RestartSpec restart) => new(restart.CrashLoop.Failures, restart.CrashLoop.Within);
}
