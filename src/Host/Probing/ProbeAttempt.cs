using Supervisor.Host.StateMachine;

namespace Supervisor.Host.Probing;

/// <summary>One attempt of a probe within its time.</summary>
internal static class ProbeAttempt
{
    /// <returns>null: it has succeeded; else the reason why not.</returns>
    /// <exception cref="OperationCanceledException">Only for <paramref name="stopping"/>.</exception>
    public static async Task<string?> RunAsync(IProbe probe, TimeSpan timeout, TimeProvider time, CancellationToken stopping)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);

        try
        {
            return await probe.AttemptAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return $"no answer within {StatusText.Duration(timeout)}";
        }
    }
}
