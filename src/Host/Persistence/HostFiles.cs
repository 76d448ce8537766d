using System.ComponentModel;
using Supervisor.Processes;
using Supervisor.Wire.Records;

namespace Supervisor.Host.Persistence;

/// <summary>The files by which the next parent finds this host: its lock, its launch and the mark of its process.</summary>
internal sealed class HostFiles(HostLaunch launch, string launchPath) : IDisposable
{
    private readonly string _lockPath = Path.ChangeExtension(launch.StatePath, ".lock");
    private FileLock? _lock;

    /// <summary>false: another host of the service runs.</summary>
    /// <exception cref="Win32Exception">The file cannot be opened.</exception>
    public bool TryLock() => (_lock = FileLock.TryAcquire(_lockPath)) is not null;

    /// <summary>Writes them again after their folder was emptied.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file cannot be written.</exception>
    public void Restore()
    {
        // First: the other files lead a parent here.
        RestoreLock();
        RecordFile.Write(launchPath, launch, ContractJson.Default.HostLaunch);
        RecordFile.Write(Path.ChangeExtension(launchPath, ".mark"), PersistedHostState.Mark(ProcessIdentity.Own()), ContractJson.Default.ProcessMark);
    }

    private void RestoreLock()
    {
        try
        {
            if (File.Exists(_lockPath))
                return;

            // It is on a file that nobody can open any more.
            _lock?.Dispose();
            TryLock();
        }
        catch (Win32Exception failure)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    /// <param name="isFinal">No later host continues this run.</param>
    public void Remove(bool isFinal)
    {
        if (isFinal)
            File.Delete(launchPath);

        // Deleted while it is locked: a process that opens the path now creates a new file.
        File.Delete(_lockPath);
    }

    public void Dispose() => _lock?.Dispose();
}
