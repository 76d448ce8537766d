using System.Runtime.Versioning;
using System.Text;
using Supervisor.Filtering;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Interop;

namespace Supervisor.Watcher.Sources.Backends;

/// <summary>
/// Probe files, one for each file system whose events are unproven: created and removed at once; the kernel has to report them within
/// the deadline. They are made in the version-control folder if there is one, which no other tool watches; else in the directory itself, under a
/// name that every tool ignores (an editor's lock). Belongs to one inotify instance. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Canary(Inotify source, long epoch)
{
    /// <summary>The kernel reports within microseconds; even a busy machine schedules us within this time.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private readonly List<Probe> _pending = [];
    private readonly byte[] _name = Encoding.UTF8.GetBytes($".#supervisor-probe-{epoch}");

    /// <summary>A probe is still waiting for its event or its deadline.</summary>
    public bool IsPending => _pending.Count > 0;

    /// <summary>Null: wait for <see cref="TryTakeResult"/>.</summary>
    /// <param name="directory">On the device.</param>
    public CanaryResult? Start(ulong device, string directory, TimeSpan now)
    {
        var folder = FolderFor(directory, device);

        if (!OpenDirectory.TryOpen(FileName.Encode(folder + '\0'), followLink: true, out var opened, out _))
            return CanaryResult.NotWritable;

        using (opened)
        {
            var watch = source.TryAdd(opened);

            if (watch <= 0)
                return CanaryResult.NotProbed;

            if (!TryMake(Path.Combine(folder, Encoding.UTF8.GetString(_name))))
                return CanaryResult.NotWritable;

            _pending.Add(new Probe(device, watch, now + Deadline));
            return null;
        }
    }

    public void OnEvent(RawEvent happened)
    {
        for (var i = 0; i < _pending.Count; i++)
        {
            if (_pending[i].Watch == happened.Watch && happened.Has(LibC.IN_CREATE) && happened.Name.SequenceEqual(_name))
                _pending[i] = _pending[i] with { IsSeen = true };
        }
    }

    /// <summary>A probe that has a result.</summary>
    /// <param name="watch">Not needed for the probe any more.</param>
    public bool TryTakeResult(TimeSpan now, out ulong device, out CanaryResult finding, out int watch)
    {
        (device, finding, watch) = (0, CanaryResult.NotProbed, 0);
        var landed = _pending.FindIndex(probe => probe.IsSeen || now >= probe.Deadline);

        if (landed < 0)
            return false;

        device = _pending[landed].Device;
        watch = _pending[landed].Watch;
        finding = _pending[landed].IsSeen ? CanaryResult.Seen : CanaryResult.Unseen;
        _pending.RemoveAt(landed);
        return true;
    }

    private static string FolderFor(string directory, ulong device)
    {
        var git = Path.Combine(directory, ".git");
        var found = FileInspector.Stat(FileName.Encode(git + '\0'), followLink: false);
        return found.Kind == FileKind.Directory && found.Device == device ? git : directory;
    }

    private static bool TryMake(string path)
    {
        try
        {
            File.Create(path).Dispose();
            File.Delete(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Read-only, full, or not ours: that is an answer too.
            return false;
        }
    }

    private readonly record struct Probe(ulong Device, int Watch, TimeSpan Deadline, bool IsSeen = false);
}

/// <summary>The result of a probe file.</summary>
internal enum CanaryResult
{
    /// <summary>None has been made yet.</summary>
    NotProbed,

    /// <summary>The kernel reported it.</summary>
    Seen,

    /// <summary>The kernel reported nothing within the deadline.</summary>
    Unseen,

    /// <summary>No file could be made there.</summary>
    NotWritable,

    /// <summary>The audit repeatedly found changes without an event.</summary>
    FoundByAudit,
}
