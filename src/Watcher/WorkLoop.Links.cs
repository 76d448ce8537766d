using Supervisor.Filtering;
using Supervisor.Filtering.Links;
using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Crawling;

namespace Supervisor.Watcher;

/// <summary>Symbolic links: what they lead through and to has no events, so they are looked at by the clock.</summary>
internal sealed partial class WorkLoop
{
    private readonly HashSet<string> _refusedLinks = new(StringComparer.Ordinal);

    private DateTimeOffset _linksInspectedAt;

    /// <summary>Every change of what a link leads to before this moment has been found.</summary>
    private DateTimeOffset LinksFoundUntil => _reader.Links.IsEmpty ? DateTimeOffset.MaxValue : _linksInspectedAt;

    void ICrawlObserver.LinkRefused(LinkedFolder link, LinkRefusal refusal)
    {
        var (path, target) = (FileName.Printable(link.Path), FileName.Printable(link.Target));

        // Once for each: a link is found again by every crawl.
        if (!_refusedLinks.Add($"{path}\n{target}\n{refusal.Reason}"))
            return;

        _log.LinkRefused(path, target, refusal.Reason);

        if (refusal.IsSurprising && !IsStandby)
            Warn($"The link {path} to {target} is not followed: {refusal.Reason}. To watch nothing there, ignore it or set \"followLinks\": false.");
    }

    private void InspectLinks()
    {
        _linksInspectedAt = _time.GetUtcNow();

        foreach (var link in _reader.Links.TakeChanged())
            _dirty.Mark(link, DirtyDepth.Entry);
    }
}
