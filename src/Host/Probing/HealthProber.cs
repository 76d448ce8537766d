using Supervisor.Host.StateMachine;

namespace Supervisor.Host.Probing;

/// <summary>
/// Checks one server that serves, until it ends. Reports once that it has failed as often in a row as it may, and once that it passes again. While
/// something holds the server, nothing is asked: a server at a breakpoint is not ill. The earlier failures are then forgotten.
/// </summary>
/// <param name="isHeld">Reads /proc.</param>
/// <param name="onFailed">Gets the last reason, and when the first of the failures in a row began on the monotonic clock.</param>
internal sealed class HealthProber(
    HealthSpec spec, IProbe probe, Func<bool> isHeld, Func<string, TimeSpan, Task> onFailed, Func<Task> onPassed, TimeProvider time)
{
    private abstract record Answer
    {
        internal sealed record Passed : Answer;

        internal sealed record Failed(string Reason, TimeSpan At) : Answer;

        /// <summary>Nothing was asked, or what was said does not count.</summary>
        internal sealed record Held : Answer;
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var (reason, since) = await WaitUntilUnhealthyAsync(stopping);
                await onFailed(reason, since);
                await WaitUntilHealthyAsync(stopping);
                await onPassed();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server is ending, so its health does not matter.
        }
    }

    private TimeSpan _pause = spec.Delay ?? spec.Interval;

    private async Task<(string Reason, TimeSpan Since)> WaitUntilUnhealthyAsync(CancellationToken stopping)
    {
        Answer.Failed? first = null;

        for (var failures = 0; ;)
        {
            if (await NextAsync(stopping) is not Answer.Failed failed)
            {
                (failures, first) = (0, null);
                continue;
            }

            first ??= failed;

            if (++failures == spec.Failures)
                return (failed.Reason, first.At);
        }
    }

    private async Task WaitUntilHealthyAsync(CancellationToken stopping)
    {
        for (var successes = 0; successes < spec.Successes;)
        {
            // One that is held says nothing either way.
            successes = await NextAsync(stopping) switch
            {
                Answer.Passed => successes + 1,
                Answer.Failed => 0,
                _ => successes,
            };
        }
    }

    private async Task<Answer> NextAsync(CancellationToken stopping)
    {
        await Task.Delay(_pause, time, stopping);
        _pause = spec.Interval;

        if (isHeld())
            return new Answer.Held();

        var at = Timestamp.Now(time).Monotonic;
        var failure = await ProbeAttempt.RunAsync(probe, spec.Probe.Timeout, time, stopping);

        // A debugger may have come during the attempt.
        return failure is null ? new Answer.Passed() : isHeld() ? new Answer.Held() : new Answer.Failed(failure, at);
    }
}
