using System.Runtime.Versioning;
using System.Text;
using Supervisor.Watcher.Interop;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// The cookies of flushes: a file is created and removed in a folder of our own, and when the kernel reports it, every earlier event has been read. This is
/// sound because one inotify instance keeps the order over all its directories. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Cookies(string folder, long epoch)
{
    private string? _awaited;
    private long _number;

    /// <summary>The watch on the folder; 0: none, cookies cannot be used.</summary>
    public int Watch { get; private set; }

    /// <summary>The event of the awaited cookie has arrived.</summary>
    public bool IsSeen { get; private set; }

    /// <summary>Call it for every new inotify instance; null: there is none.</summary>
    public void Use(Inotify? source)
    {
        Watch = 0;
        _awaited = null;

        if (source is null || !TryMakeFolder())
            return;

        if (OpenDirectory.TryOpen(Encoding.UTF8.GetBytes(folder + '\0'), followLink: false, out var directory, out _))
        {
            using (directory)
                Watch = Math.Max(0, source.TryAdd(directory));
        }
    }

    /// <summary>False: no file can be created in the folder. An earlier cookie is no longer awaited.</summary>
    public bool TryWrite()
    {
        IsSeen = false;
        _awaited = string.Create(null, $"{epoch}.{++_number}");

        if (Watch == 0)
            return false;

        try
        {
            var path = Path.Combine(folder, _awaited);
            File.Create(path).Dispose();
            File.Delete(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A full disk or a removed folder: the caller reads everything instead, which takes longer.
            return false;
        }
    }

    public void OnEvent(RawEvent happened)
    {
        if (happened.Has(LibC.IN_IGNORED))
            Watch = 0;
        else if (_awaited is not null && happened.Has(LibC.IN_CREATE) && Encoding.UTF8.GetString(happened.Name) == _awaited)
            IsSeen = true;
    }

    private bool TryMakeFolder()
    {
        try
        {
            Directory.CreateDirectory(folder);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // As above.
            return false;
        }
    }
}
