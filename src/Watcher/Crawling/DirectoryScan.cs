using System.Runtime.Versioning;
using Supervisor.Filtering;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Opens one directory, adds its watch, lists it as far as the buffer goes and stats its entries: in this order, on one descriptor, and without the state
/// map, so that any thread can run it. Reused. One thread at a time: the loop queues and takes it, the thread that claims it runs it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class DirectoryScan
{
    private const int Idle = 0, Queued = 1, Claimed = 2, Done = 3;
    private const int BufferSize = 8 * 1024;
    private const int LargestEntry = 512;

    private readonly byte[] _entries = new byte[BufferSize];
    private byte[] _path = new byte[256];
    private FileState?[] _found = new FileState?[32];
    private Inotify? _source;
    private DirectoryInterest? _interest;
    private OpenDirectory _directory;
    private int _error;
    private int _state;

    public int Node { get; private set; }

    /// <summary>The directory's when the scan was asked for.</summary>
    public int Version { get; private set; }

    public ReadFlags Flags { get; private set; }

    /// <summary>What adding the watch gave: negative errno when the directory has none.</summary>
    public int Watch { get; private set; }

    /// <summary>Of the directory itself, after it was watched.</summary>
    public FileState State { get; private set; }

    /// <summary>What the last listing gave: 0 at the end, negative for an error, positive when there is more than the buffer holds.</summary>
    public int Last { get; private set; }

    public ReadOnlySpan<byte> Entries => _entries.AsSpan(0, Length);

    private int Length { get; set; }

    public bool IsDone => Volatile.Read(ref _state) == Done;

    /// <param name="path">Of the directory, ended by a zero byte.</param>
    public void Prepare(int node, int version, ReadFlags flags, ReadOnlySpan<byte> path, DirectoryInterest interest, Inotify source)
    {
        (Node, Version, Flags, _interest, _source) = (node, version, flags, interest, source);

        if (_path.Length < path.Length)
            _path = new byte[path.Length];

        path.CopyTo(_path);
        Volatile.Write(ref _state, Queued);
    }

    public bool TryClaim() => Volatile.Read(ref _state) == Queued && Interlocked.CompareExchange(ref _state, Claimed, Queued) == Queued;

    /// <summary>Run by the thread that claimed it.</summary>
    /// <param name="text">Room for the longest path and name.</param>
    public void Run(char[] text)
    {
        (Watch, State, Length, Last) = (0, default, 0, 0);

        if (OpenDirectory.TryOpen(_path, followLink: false, out _directory, out _error))
        {
            Watch = _source!.TryAdd(_directory);
            State = _directory.Stat();
            List();
            StatEntries(text);
        }

        Volatile.Write(ref _state, Done);
    }

    /// <summary>Called by the loop once the scan is done; the loop closes the descriptor.</summary>
    public bool TryTake(out OpenDirectory directory, out int error)
    {
        (directory, error) = (_directory, _error);
        Volatile.Write(ref _state, Idle);
        return error == 0;
    }

    /// <param name="at">Index of the name in <see cref="Entries"/>.</param>
    /// <returns>Null: no stat was made. The default value: the entry was gone again.</returns>
    public FileState? Found(int at) => _found[at];

    private void List()
    {
        do
        {
            Last = _directory.Read(_entries.AsSpan(Length));
            Length += Math.Max(0, Last);
        }
        while (Last > 0 && _entries.Length - Length >= LargestEntry);
    }

    // Entries that only the directory's own rules want are left to the loop.
    private void StatEntries(char[] text)
    {
        var prefix = FileName.Decode(_path.AsSpan(0, _path.IndexOf((byte)0)), text);
        var entries = Entries;
        text[prefix++] = '/';

        for (var at = 0; OpenDirectory.NextName(ref entries, out var name, out var mayBeDirectory); at++)
        {
            if (at == _found.Length)
                Array.Resize(ref _found, at * 2);

            var path = text.AsSpan(0, prefix + FileName.Decode(name, text.AsSpan(prefix)));
            _found[at] = mayBeDirectory || _interest!.Wants(path) ? _directory.Stat(name, followLink: false) : null;
        }
    }
}
