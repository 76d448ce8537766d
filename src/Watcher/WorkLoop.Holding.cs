using Supervisor.Watcher.Links;
using Supervisor.Watcher.Sources.Backends;

namespace Supervisor.Watcher;

/// <summary>Holding changes back while a build runs, and what a flush could not prove.</summary>
internal sealed partial class WorkLoop
{
    private const string NoCookie = "no cookie came through the kernel's queue, so everything was read again instead";

    private const string Held = "changes are held back; a flush has to wait until they are released";

    private bool _isReleasing;
    private string? _doubt;

    /// <summary>
    /// A hold starts at once. A release takes effect only after everything that happened before it is processed, as for a flush: so a build is one batch, even if
    /// part of it is still in the kernel's queue.
    /// </summary>
    private void Hold(bool held)
    {
        _isReleasing = !held && _outbox.IsHeld;

        if (held)
        {
            _outbox.Hold();
            _flushes.Refuse(Held);
        }
        else if (_isReleasing)
        {
            _flushes.Ask(new AwaitedFlush(new TaskCompletionSource<FlushAnswer>(), IsPatient: false));
        }
    }

    private void Flush(AwaitedFlush flush)
    {
        _flushes.Ask(flush);

        if (_outbox.IsHeld && !_isReleasing)
            _flushes.Refuse(Held);
    }

    private void ReleaseHold()
    {
        if (_isReleasing)
            _outbox.LetGo();

        _isReleasing = false;
    }

    /// <summary>Paths without events were read after the request; a later change through a mount stays unknown.</summary>
    private string? Doubt()
    {
        var unheard = Roots.Where(root => root.Backend is not (BackendChoice.Kernel or BackendChoice.Watchman)).Select(root => $"{root.Path} ({root.Backend})").ToArray();
        var reread = unheard.Length > 0 ? $"{string.Join(", ", unheard)} has no reliable events and was read again: a later change through a mount is not known"
            : _watches.Polled.Count > 0 ? $"{_watches.Polled.Count} directories have no events and were read again" : null;

        return _doubt is null || reread is null ? _doubt ?? reread : $"{_doubt}; {reread}";
    }
}
