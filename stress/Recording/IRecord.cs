namespace Supervisor.Stress.Recording;

/// <summary>Where everything that happens in a run is told. Thread-safe.</summary>
internal interface IRecord
{
    /// <summary>The run's clock: since it began, monotonic.</summary>
    TimeSpan Now { get; }

    /// <summary>Adds it to the record. Never blocks for long and never fails: a record that cannot be written is a reason to end the run.</summary>
    void Append(RunEvent runEvent);
}
