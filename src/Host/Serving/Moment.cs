using System.Runtime.InteropServices;

namespace Supervisor.Host.Serving;

/// <summary>One point in time on two clocks: decisions use the monotonic one, people are shown the wall clock.</summary>
/// <param name="Monotonic">Time since boot without suspend: comparable between processes of one boot.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Moment(TimeSpan Monotonic, DateTimeOffset Wall)
{
    public static Moment Now(TimeProvider time) => new(time.GetElapsedTime(0), time.GetUtcNow());
}
