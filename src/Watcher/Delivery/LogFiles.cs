using Microsoft.Win32.SafeHandles;

namespace Supervisor.Watcher.Delivery;

/// <summary>The file operations of the change log, with the errors that count as "the disk refuses".</summary>
internal static class LogFiles
{
    /// <summary>
    /// Shared with everybody: otherwise .NET would lock the file, and a watcher that is still dying would lock its successor out.
    /// </summary>
    public static SafeFileHandle Open(string path, FileMode mode, FileAccess access) =>
        File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete);

    public static bool IsRefusal(Exception exception) => exception is IOException or UnauthorizedAccessException;

    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            // An unfinished file is never read, and the next one that is written replaces it.
        }
    }
}
