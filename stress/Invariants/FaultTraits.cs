namespace Supervisor.Stress.Invariants;

/// <summary>What the name of a fault says about the death it brings: its target first, then what is done to it ("watcher-abort").</summary>
internal static class FaultTraits
{
    /// <summary>Nobody dies at once: it is to be noticed by its silence.</summary>
    public static bool IsHang(string fault) => Says(fault, "hang");

    public static bool IsLeak(string fault) => Says(fault, "leak");

    /// <summary>
    /// The signals that its victim may die of; none: any, or it may exit. A broken heap is found by the allocator (abort) or by
    /// the processor; a runtime that catches a wild access ends itself by abort.
    /// </summary>
    public static IReadOnlyList<string> Signals(string fault) => fault switch
    {
        _ when Says(fault, "abort") => ["SIGABRT"],
        _ when Says(fault, "segfault") => ["SIGSEGV", "SIGABRT"],
        _ when Says(fault, "double-free") || Says(fault, "use-after-free") => ["SIGABRT", "SIGSEGV", "SIGBUS", "SIGILL", "SIGTRAP"],
        _ when Says(fault, "kill") => ["SIGKILL"],
        _ => [],
    };

    private static bool Says(string fault, string word) => fault.Contains(word, StringComparison.Ordinal);
}
