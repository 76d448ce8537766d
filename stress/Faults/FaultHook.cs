namespace Supervisor.Stress.Faults;

/// <summary>
/// A C library, compiled when a run wants it and preloaded into the run's own tree only: in the process that is told to, it breaks the native heap, leaks or
/// spins, for real. The product knows nothing of it.
/// </summary>
internal sealed class FaultHook
{
}
