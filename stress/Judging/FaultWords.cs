namespace Supervisor.Stress.Judging;

/// <summary>What the name of a fault says about the death it brings: its target first, then what is done to it ("watcher-abort").</summary>
internal static class FaultWords
{
    /// <summary>Nobody dies at once: it is to be noticed by its silence.</summary>
    public static bool IsHang(string fault) => Says(fault, "hang");

    public static bool IsLeak(string fault) => Says(fault, "leak");

    /// <returns>The signal that its victim dies of; null: more than one, or none.</returns>
    public static string? Signal(string fault) => fault switch
    {
        _ when Says(fault, "abort") => "SIGABRT",
        _ when Says(fault, "segfault") || Says(fault, "segv") => "SIGSEGV",
        _ => null,
    };

    private static bool Says(string fault, string word) => fault.Contains(word, StringComparison.Ordinal);
}
