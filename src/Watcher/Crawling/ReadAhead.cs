using System.Runtime.Versioning;
using Supervisor.Filtering;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Scans directories ahead of the loop, which applies the results in request order. A second thread helps, and the loop itself runs the scans
/// that the helper has not started: it waits at most for one scan in progress. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ReadAhead
{
    /// <summary>A full ring is read and looked at within a millisecond or two.</summary>
    public const int Capacity = 32;

    private readonly DirectoryScan[] _scans = [.. Enumerable.Range(0, Capacity).Select(_ => new DirectoryScan())];
    private readonly char[] _text = new char[PathText.Room];
    private Task _helper = Task.CompletedTask;
    private volatile bool _isEnding;
    private int _first;

    /// <summary>Asked for and not taken.</summary>
    public int Count { get; private set; }

    /// <inheritdoc cref="DirectoryScan.Prepare"/>
    public void Enqueue(int node, int version, ReadFlags flags, ReadOnlySpan<byte> path, DirectoryInterest interest, Inotify source)
    {
        _scans[(_first + Count++) % Capacity].Prepare(node, version, flags, path, interest, source);

        if (!_helper.IsCompleted)
            return;

        _helper = Task.Run(RunHelper);
    }

    /// <summary>The oldest scan, completed. It is reused by later requests.</summary>
    public DirectoryScan Take()
    {
        var oldest = _scans[_first];
        var wait = default(SpinWait);

        while (!oldest.IsDone)
        {
            if (TryRunOne(_first, _text))
                continue;

            // It ends by itself only by a bug, and a scan it had claimed would never finish.
            if (_helper.IsFaulted)
                _helper.GetAwaiter().GetResult();

            wait.SpinOnce(sleep1Threshold: -1);
        }

        _first = (_first + 1) % Capacity;
        Count--;
        return oldest;
    }

    /// <summary>Call it after the last scan was taken. Completes when the helper thread has ended.</summary>
    public Task EndAsync()
    {
        _isEnding = true;
        return _helper;
    }

    private void RunHelper()
    {
        var text = new char[PathText.Room];
        var wait = default(SpinWait);

        for (var next = 0; !_isEnding;)
        {
            if (TryRunOne(next, text))
                wait.Reset();
            else
                wait.SpinOnce();

            next = (next + 1) % Capacity;
        }
    }

    /// <summary>Tries the scans in request order, starting with the given one.</summary>
    private bool TryRunOne(int from, char[] text)
    {
        for (var at = 0; at < Capacity; at++)
        {
            var scan = _scans[(from + at) % Capacity];

            if (scan.TryClaim())
            {
                scan.Run(text);
                return true;
            }
        }

        return false;
    }
}
