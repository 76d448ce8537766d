namespace Supervisor.Parent.Routing;

/// <summary>What has been applied, on disk, so that it outlives the parent. Replaced as a whole: a reader sees the old record or the new one.</summary>
internal sealed class AppliedFile(string path, string watcherSnapshot, Log log)
{
    /// <summary>Unreadable or missing: nothing is known to be applied, and everything counts as newer.</summary>
    public WatchBaseline Read() =>
        RecordFile.TryRead(path, ContractJson.Default.WatchBaseline) ?? new WatchBaseline(null, DateTimeOffset.UnixEpoch);

    /// <summary>A run that continues none: what an earlier watcher knew means nothing to it.</summary>
    public void Begin(WatchBaseline baseline)
    {
        Write(baseline);

        try
        {
            foreach (var stale in Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(watcherSnapshot) + "*"))
                File.Delete(stale);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A watcher that is told of no cursor resumes from no snapshot.
            log.NotRemoved(watcherSnapshot, failure.Message);
        }
    }

    public void Write(WatchBaseline applied)
    {
        try
        {
            RecordFile.Write(path, applied, ContractJson.Default.WatchBaseline);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The run goes on from memory; only a parent that came after us would deliver some changes twice, which is harmless.
            log.NotWritten(path, failure.Message);
        }
    }
}
