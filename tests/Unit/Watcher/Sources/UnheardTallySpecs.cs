using Supervisor.Watcher.Sources.Backends;

namespace Supervisor.Unit.Watcher.Sources;

public sealed class UnheardTallySpecs
{
    private readonly UnheardTally _tally = new();

    [Fact]
    public void A_file_system_is_blind_when_three_changes_were_found_and_none_was_told()
    {
        _tally.Convicts(device: 1).Should().BeFalse();
        _tally.Convicts(device: 1).Should().BeFalse();
        _tally.Convicts(device: 1).Should().BeTrue();
    }

    [Fact]
    public void A_mapped_file_among_others_that_are_told_of_proves_nothing()
    {
        for (var i = 0; i < 10; i++)
        {
            _tally.Convicts(device: 1).Should().BeFalse();
            _tally.Convicts(device: 1).Should().BeFalse();
            _tally.Heard(device: 1);
        }
    }

    [Fact]
    public void Each_file_system_stands_for_itself()
    {
        _tally.Convicts(device: 1);
        _tally.Convicts(device: 1);

        _tally.Heard(device: 2);
        _tally.Convicts(device: 2).Should().BeFalse();
        _tally.Convicts(device: 1).Should().BeTrue();
    }
}
