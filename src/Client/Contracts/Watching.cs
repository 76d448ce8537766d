using System.Text.Json.Serialization;

namespace Supervisor.Client;

/// <summary>How one watch path is watched.</summary>
/// <param name="Path">Absolute, printable.</param>
/// <param name="Backend">inotify, native, poll, watchman, or <c>inotify+poll</c> where only a part is polled.</param>
/// <param name="Reason">
/// Why this backend is used, as text, if that is not obvious: the kind of mount, a limit reached, a canary not seen, the configuration.
/// </param>
public sealed record RootStatus(string Path, string Backend, string? Reason);

/// <summary>How often everything (or all beneath a mount, or beneath changed ignore rules) was read again, by cause.</summary>
/// <param name="KernelOverflow">The kernel's queue overflowed.</param>
/// <param name="BufferOverflow">Our own buffer overflowed.</param>
/// <param name="Gap">The watcher did not run for more than 2 s (SIGSTOP, a suspended machine).</param>
/// <param name="Mounts">Something was mounted or unmounted beneath a watch path.</param>
/// <param name="Rules">Ignore rules changed.</param>
/// <param name="Backend">A backend was lost or has become available.</param>
public sealed record ResyncCounts(int KernelOverflow, int BufferOverflow, int Gap, int Mounts, int Rules, int Backend)
{
    public static readonly ResyncCounts None = new(0, 0, 0, 0, 0, 0);

    public ResyncCounts Plus(ResyncCounts other) => new(
        KernelOverflow + other.KernelOverflow, BufferOverflow + other.BufferOverflow, Gap + other.Gap, Mounts + other.Mounts,
        Rules + other.Rules, Backend + other.Backend);
}

/// <summary>How close the watcher is to its limits.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WatcherPressure>))]
public enum WatcherPressure
{
    [JsonStringEnumMemberName("none")] None,

    /// <summary>Over 60 % of its memory cap: it gives memory back.</summary>
    [JsonStringEnumMemberName("trimming")] Trimming,

    /// <summary>At its CPU cap.</summary>
    [JsonStringEnumMemberName("throttled")] Throttled,

    /// <summary>Over 80 % of its memory cap, or too long at its CPU cap: it is being replaced.</summary>
    [JsonStringEnumMemberName("recycling")] Recycling,
}

/// <summary>A hold keeps changes back until they are complete (<c>supervisor hold</c>).</summary>
/// <param name="Holder">A process and its command, as text.</param>
public sealed record HoldStatus(string Name, string Holder, DateTimeOffset Since)
{
    public string InWords(DateTimeOffset now) => $"held by {Name} ({Holder}) for {Math.Max(0, (now - Since).TotalSeconds):0} s";
}
