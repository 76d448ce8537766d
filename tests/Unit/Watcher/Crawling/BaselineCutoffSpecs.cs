using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>What the first crawl takes for a change. The kernel stamps a file up to 10 ms too early.</summary>
public sealed class BaselineCutoffSpecs
{
    [Fact]
    public void What_was_saved_just_before_the_tree_was_started_is_what_its_servers_read()
    {
        var cutoff = new BaselineCutoff(new WatchBaseline(Applied: null, VirtualTime.Noon), VirtualTime.Noon.AddSeconds(1));

        cutoff.IsNewer(SavedAt(-1)).Should().BeFalse();
        cutoff.IsNewer(SavedAt(1)).Should().BeTrue();
    }

    [Fact]
    public void What_was_saved_just_before_the_last_batch_may_be_missing_in_it()
    {
        var cutoff = new BaselineCutoff(new WatchBaseline("1.1", VirtualTime.Noon), VirtualTime.Noon.AddSeconds(1));

        cutoff.IsNewer(SavedAt(-10)).Should().BeTrue();
        cutoff.IsNewer(SavedAt(-30)).Should().BeFalse();
    }

    private static FileState SavedAt(int milliseconds)
    {
        var stamp = (VirtualTime.Noon.AddMilliseconds(milliseconds) - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        return new FileState(FileKind.File, Mode: 0x1A4, Device: 1, Inode: 1, Size: 3, stamp, stamp);
    }
}
