namespace Supervisor.Stress.Invariants;

/// <summary>What the name of a fault says about the exit it causes: its target first, then what is done to it ("watcher-abort").</summary>
internal static class FaultTraits
{
    /// <summary>The victim does not die: its silence has to be noticed.</summary>
    public static bool IsHang(string fault) => Mentions(fault, "hang");

    public static bool IsLeak(string fault) => Mentions(fault, "leak");

    /// <summary>
    /// The signals by which the victim may die; empty: any, or it may exit. A corrupted heap is detected by the allocator (abort) or by the processor; a
    /// runtime that catches an invalid access aborts.
    /// </summary>
    public static IReadOnlyList<string> Signals(string fault) => fault switch
    {
        _ when Mentions(fault, "abort") => ["SIGABRT"],
        _ when Mentions(fault, "segfault") => ["SIGSEGV", "SIGABRT"],
        _ when Mentions(fault, "double-free") || Mentions(fault, "use-after-free") => ["SIGABRT", "SIGSEGV", "SIGBUS", "SIGILL", "SIGTRAP"],
        _ when Mentions(fault, "kill") => ["SIGKILL"],
        _ => [],
    };

    private static bool Mentions(string fault, string word) => fault.Contains(word, StringComparison.Ordinal);
}
