using Supervisor.Stress.Invariants;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Live;

/// <summary>Shows a run while it goes on, to a person or a program. Not thread-safe: the run's loop feeds it.</summary>
internal interface ILiveView : IDisposable
{
    /// <summary>Each event of the record, in order.</summary>
    void Apply(RunEvent runEvent);

    /// <summary>Called several times a second; the view decides how often it draws or prints.</summary>
    /// <param name="now">On the run's clock.</param>
    void Show(TimeSpan now, IReadOnlyList<InvariantVerdict> verdicts);

    /// <summary>Once, at the end.</summary>
    void Conclude(RunResult result);
}
