using Supervisor.Supervision;

namespace Supervisor.Unit.Supervision;

/// <summary>What is said about a watcher at its caps.</summary>
public sealed class WatcherCapsSpecs
{
    private const long Cap = 128L << 20;

    [Fact]
    public void A_watcher_that_the_kernel_killed_at_its_cap_names_the_cap_and_its_key() =>
        WatcherCaps.EndAtMemoryCap(killedByKernel: true, lastBytes: 10 << 20, Cap).Should().Be("the kernel killed it at its memory cap of 128 MB (watcher.limits.memory)");

    [Fact]
    public void A_watcher_that_ended_near_its_cap_names_it_too()
    {
        WatcherCaps.EndAtMemoryCap(killedByKernel: false, lastBytes: 100L << 20, Cap)
            .Should().Be("it held 100 MB of its memory cap of 128 MB (watcher.limits.memory) just before");
        WatcherCaps.EndAtMemoryCap(killedByKernel: false, lastBytes: 90L << 20, Cap).Should().BeNull();
        WatcherCaps.EndAtMemoryCap(killedByKernel: false, lastBytes: null, Cap).Should().BeNull();
        WatcherCaps.EndAtMemoryCap(killedByKernel: false, lastBytes: 1L << 40, memoryCap: null).Should().BeNull();
    }

    [Fact]
    public void Its_usage_is_told_with_the_caps()
    {
        WatcherCaps.Usage(64L << 20, Cap, 25, 0.5).Should().Be(
            "it held 64 MB of memory, 50 % of its cap of 128 MB (watcher.limits.memory), and worked 25 % of a core, 50 % of its cap (watcher.limits.cpu)");
        WatcherCaps.Usage(64L << 20, memoryCap: null, 25, cores: null).Should().Be("it held 64 MB of memory, and worked 25 % of a core");
    }
}
