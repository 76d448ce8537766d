using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Observing;

/// <summary>Samples every process of the tree once a period, as the newest board names them.</summary>
/// <param name="newest">The newest board; null before the first.</param>
internal sealed class ProcessSampler(IRecord record, ProjectTree project, Func<StatusReport?> newest, TimeSpan period)
{
    private const int SamplesPerProportional = 5;

    private int _samples;

    private sealed record Subject(string Process, int? Pid, long? CapBytes, int? QueueDepth);

    public Task RunAsync(CancellationToken stopping) => Periodic.RunAsync(
        period,
        () =>
        {
            if (newest() is { } board)
                Sample(board);
            return Task.CompletedTask;
        },
        stopping);

    internal void Sample(StatusReport board)
    {
        var takesProportional = _samples++ % SamplesPerProportional == 0;
        foreach (var subject in SubjectsOf(board))
        {
            // Skipped when it has ended: the board is slightly old, and boards and ledgers record the exit.
            if (subject.Pid is not { } pid || ProcessFigures.TryRead(pid) is not { } figures)
                continue;

            record.Append(new ProcessSampled(
                record.Now, subject.Process, pid, figures.ResidentBytes, takesProportional ? ProcessFigures.TryReadProportional(pid) : null,
                figures.PeakBytes, subject.CapBytes, figures.Descriptors, figures.Threads, figures.Cpu, subject.QueueDepth,
                figures.MappedBytes));
        }
    }

    private IEnumerable<Subject> SubjectsOf(StatusReport board)
    {
        yield return new Subject("parent", board.Tree.ParentPid, CapBytes: null, QueueDepth: null);
        yield return new Subject("watcher", board.Watcher.Pid, board.Watcher.MemoryLimitBytes, board.Watcher.QueueDepth);
        foreach (var service in board.Services)
        {
            yield return new Subject($"host {service.Name}", service.HostPid, CapBytes: null, QueueDepth: null);
            yield return new Subject($"server {service.Name}", service.Pid, project[service.Name].CapBytes, QueueDepth: null);
        }
    }
}
