using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>The soft limit of open files that a new process sets for itself.</summary>
internal static class OpenFilesLimit
{
    /// <returns>null: the process keeps the limit that it inherits from us.</returns>
    public static ulong? For(Confinement confinement)
    {
        var (soft, hard) = Ours();
        return Decide(confinement, soft, hard);
    }

    internal static ulong? Decide(Confinement confinement, ulong soft, ulong hard)
    {
        if (confinement.OpenFiles is { } given)
            return Math.Min((ulong)given, hard);

        return confinement.MinOpenFiles is { } least && Math.Min((ulong)least, hard) is var raised && raised > soft ? raised : null;
    }

    private static unsafe (ulong Soft, ulong Hard) Ours()
    {
        var limits = stackalloc ulong[2];
        return LibC.prlimit(0, LibC.RLIMIT_NOFILE, null, limits) == 0 ? (limits[0], limits[1]) : (0, ulong.MaxValue);
    }
}
