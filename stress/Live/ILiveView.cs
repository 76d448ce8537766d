using Supervisor.Stress.Invariants;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Live;

/// <summary>What a person or a program sees of a run while it goes on. Not thread-safe: the run's loop feeds it.</summary>
internal interface ILiveView : IDisposable
{
    /// <summary>Each event of the record, in order.</summary>
    void Apply(RunEvent runEvent);

    /// <summary>To be called several times a second; how often anything is drawn or printed is the view's own choice.</summary>
    /// <param name="now">On the run's clock.</param>
    void Show(TimeSpan now, IReadOnlyList<InvariantVerdict> verdicts);

    /// <summary>Once, at the end.</summary>
    void Conclude(RunResult result);
}
