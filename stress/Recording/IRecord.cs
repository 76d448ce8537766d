namespace Supervisor.Stress.Recording;

/// <summary>Receives all events of a run. Thread-safe.</summary>
internal interface IRecord
{
    /// <summary>The run's clock: time since the run began, monotonic.</summary>
    TimeSpan Now { get; }

    /// <summary>Adds the event to the record. Never blocks for long and never throws: when the record cannot be written, the run ends.</summary>
    void Append(RunEvent runEvent);
}
