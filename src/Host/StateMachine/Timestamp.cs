using System.Runtime.InteropServices;

namespace Supervisor.Host.StateMachine;

/// <summary>A point in time on two clocks: decisions use the monotonic clock, users see the wall clock.</summary>
/// <param name="Monotonic">Time since boot without suspend: comparable between processes of one boot.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Timestamp(TimeSpan Monotonic, DateTimeOffset Wall)
{
    public static Timestamp Now(TimeProvider time) => new(time.GetElapsedTime(0), time.GetUtcNow());
}
