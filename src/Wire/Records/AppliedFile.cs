namespace Supervisor.Wire.Records;

/// <summary>
/// The applied baseline on disk; it outlives the parent. Replaced as a whole: a reader sees the old record or the new one. Does not throw because of the
/// disk. Only the parent writes it.
/// </summary>
/// <param name="notWritten">Gets the path and the reason.</param>
/// <param name="notRemoved">Gets the path and the reason.</param>
public sealed class AppliedFile(string path, string watcherSnapshot, Action<string, string> notWritten, Action<string, string> notRemoved)
{
    private volatile WatchBaseline? _last;

    /// <summary>A missing or unreadable file means that nothing was applied: everything counts as newer.</summary>
    public WatchBaseline Read() =>
        RecordFile.TryRead(path, ContractJson.Default.WatchBaseline) ?? new WatchBaseline(null, DateTimeOffset.UnixEpoch);

    /// <summary>Starts a run that continues no earlier one: the snapshots of earlier watchers are deleted.</summary>
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
            // Harmless: a watcher that gets no cursor does not resume from a snapshot.
            notRemoved(watcherSnapshot, failure.Message);
        }
    }

    /// <summary>Writes what was written last, after the file has been lost.</summary>
    public void Restore()
    {
        if (_last is { } last)
            Write(last);
    }

    public void Write(WatchBaseline applied)
    {
        _last = applied;

        try
        {
            RecordFile.Write(path, applied, ContractJson.Default.WatchBaseline);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The run continues from memory. The next parent may deliver some changes twice, which is harmless.
            notWritten(path, failure.Message);
        }
    }
}
