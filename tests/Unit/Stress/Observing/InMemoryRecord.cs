using System.Collections.Concurrent;
using System.Diagnostics;
using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress;

/// <summary>A record in memory, on the real clock.</summary>
internal sealed class InMemoryRecord : IRecord
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<RunEvent> _events = new();

    public TimeSpan Now => Stopwatch.GetElapsedTime(_began);

    public IReadOnlyList<RunEvent> Events => [.. _events];

    public void Append(RunEvent runEvent) => _events.Enqueue(runEvent);
}
