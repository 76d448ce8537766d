
namespace Supervisor.Watcher.Crawling;

/// <summary>Why everything has to be read again.</summary>
internal enum ResyncCause
{
    KernelOverflow,
    BufferOverflow,

    /// <summary>The process did not run for a while: events and timers of that time are unreliable.</summary>
    Gap,

    Mounts,
    Rules,

    /// <summary>A backend was lost, or a better one is available again.</summary>
    Backend,
}

/// <summary>Counts resyncs by cause, over one watcher's life. Not thread-safe: the work loop owns it.</summary>
internal sealed class ResyncCounter
{
    public ResyncCounts Counts { get; private set; } = ResyncCounts.None;

    public void Count(ResyncCause cause) => Counts = cause switch
    {
        ResyncCause.KernelOverflow => Counts with { KernelOverflow = Counts.KernelOverflow + 1 },
        ResyncCause.BufferOverflow => Counts with { BufferOverflow = Counts.BufferOverflow + 1 },
        ResyncCause.Gap => Counts with { Gap = Counts.Gap + 1 },
        ResyncCause.Mounts => Counts with { Mounts = Counts.Mounts + 1 },
        ResyncCause.Rules => Counts with { Rules = Counts.Rules + 1 },
        _ => Counts with { Backend = Counts.Backend + 1 },
    };

    /// <summary>For the log.</summary>
    public static string Describe(ResyncCause cause) => cause switch
    {
        ResyncCause.KernelOverflow => "the kernel's queue overflowed",
        ResyncCause.BufferOverflow => "our own buffer overflowed",
        ResyncCause.Gap => "the process did not run for a while",
        ResyncCause.Mounts => "mounts have changed",
        ResyncCause.Rules => "ignore rules have changed",
        _ => "a backend has been lost or has become available",
    };
}
