namespace Supervisor.Parent.Routing;

/// <summary>What has been applied, on disk, so that it outlives the parent. Replaced as a whole: a reader sees the old record or the new one.</summary>
internal sealed class AppliedFile(string path, string watcherSnapshot, Log log)
{
    /// <summary>Unreadable or missing: nothing is known to be applied, and everything counts as newer.</summary>
    public WatchBaseline Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ContractJson.Default.WatchBaseline) ?? Unknown;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return Unknown;
        }
    }

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
            var next = path + ".tmp";
            File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(applied, ContractJson.Default.WatchBaseline));
            File.Move(next, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The run goes on from memory; only a parent that came after us would deliver some changes twice, which is harmless.
            log.NotWritten(path, failure.Message);
        }
    }

    private static WatchBaseline Unknown => new(null, DateTimeOffset.UnixEpoch);
}
