namespace Supervisor.Processes;

/// <summary>The most that a service may use; null: no cap.</summary>
/// <param name="Cores">CPU time as a number of cores: 0.5 is half of one.</param>
public sealed record ResourceCaps(long? MemoryBytes, double? Cores, int? Processes)
{
    public bool IsEmpty => this is { MemoryBytes: null, Cores: null, Processes: null };
}
