namespace Supervisor.Parent.Startup;

/// <summary>Identifies this parent. One durable counter numbers parents and watchers: whichever is newer has the higher number.</summary>
/// <param name="Owned">A terminal owns the run.</param>
internal sealed record RunIdentity(string File, long Epoch, bool Owned, string LogFolder)
{
    public static string Build => typeof(RunIdentity).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    /// <summary>The caller holds the tree's lock.</summary>
    public static RunIdentity Next(string file, bool owned, string logFolder)
    {
        var next = new RunIdentity(file, EpochFile.Read(file) + 1, owned, logFolder);
        next.Write(next.Epoch);
        return next;
    }

    /// <summary>Returns once the number is on disk: no number is used twice.</summary>
    public void Write(long epoch) => EpochFile.Write(File, epoch);
}
