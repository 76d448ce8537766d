using System.Diagnostics;

namespace Supervisor.Stress.Compare;

/// <summary>Since a tool's turn began, monotonic. Thread-safe.</summary>
internal sealed class TurnClock
{
    private readonly long _began = Stopwatch.GetTimestamp();

    public TimeSpan Now => Stopwatch.GetElapsedTime(_began);
}
