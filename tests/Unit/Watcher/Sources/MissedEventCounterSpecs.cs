using Supervisor.Watcher.Sources.Backends;

namespace Supervisor.Unit.Watcher.Sources;

public sealed class MissedEventCounterSpecs
{
    private readonly MissedEventCounter _counter = new();

    [Fact]
    public void A_file_system_is_blind_after_three_changes_without_an_event()
    {
        _counter.CountMissed(device: 1).Should().BeFalse();
        _counter.CountMissed(device: 1).Should().BeFalse();
        _counter.CountMissed(device: 1).Should().BeTrue();
    }

    [Fact]
    public void A_mapped_file_among_files_with_events_proves_nothing()
    {
        for (var i = 0; i < 10; i++)
        {
            _counter.CountMissed(device: 1).Should().BeFalse();
            _counter.CountMissed(device: 1).Should().BeFalse();
            _counter.Reset(device: 1);
        }
    }

    [Fact]
    public void Each_file_system_is_counted_separately()
    {
        _counter.CountMissed(device: 1);
        _counter.CountMissed(device: 1);

        _counter.Reset(device: 2);
        _counter.CountMissed(device: 2).Should().BeFalse();
        _counter.CountMissed(device: 1).Should().BeTrue();
    }
}
