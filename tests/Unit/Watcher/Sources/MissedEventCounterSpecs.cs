using Supervisor.Watcher.Sources.Backends;

namespace Supervisor.Unit.Watcher.Sources;

public sealed class MissedEventCounterSpecs
{
    private readonly MissedEventCounter _counter = new();

    [Fact]
    public void A_file_system_is_blind_when_three_changes_were_found_and_none_was_told()
    {
        _counter.CountMissed(device: 1).Should().BeFalse();
        _counter.CountMissed(device: 1).Should().BeFalse();
        _counter.CountMissed(device: 1).Should().BeTrue();
    }

    [Fact]
    public void A_mapped_file_among_others_that_are_told_of_proves_nothing()
    {
        for (var i = 0; i < 10; i++)
        {
            _counter.CountMissed(device: 1).Should().BeFalse();
            _counter.CountMissed(device: 1).Should().BeFalse();
            _counter.Reset(device: 1);
        }
    }

    [Fact]
    public void Each_file_system_stands_for_itself()
    {
        _counter.CountMissed(device: 1);
        _counter.CountMissed(device: 1);

        _counter.Reset(device: 2);
        _counter.CountMissed(device: 2).Should().BeFalse();
        _counter.CountMissed(device: 1).Should().BeTrue();
    }
}
