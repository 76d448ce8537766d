using Supervisor.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Sources;

public sealed class EventBufferSpecs
{
    [Fact]
    public void Added_events_are_taken_once_in_order()
    {
        var buffer = new EventBuffer(capacity: 100);
        buffer.Add([1, 2]);
        buffer.Add([3]);

        buffer.Take(out _).ToArray().Should().Equal(1, 2, 3);
        buffer.Take(out _).ToArray().Should().BeEmpty();
    }

    [Fact]
    public void A_full_buffer_reports_one_overflow_and_goes_on()
    {
        var buffer = new EventBuffer(capacity: 4);
        buffer.Add([1, 2, 3]);
        buffer.Add([4, 5]);

        buffer.Take(out var overflowed).ToArray().Should().Equal(1, 2, 3);
        overflowed.Should().BeTrue();

        buffer.Add([6]);
        buffer.Take(out overflowed).ToArray().Should().Equal(6);
        overflowed.Should().BeFalse();
    }

    [Fact]
    public void It_grows_up_to_its_capacity_and_is_trimmed_when_empty()
    {
        var buffer = new EventBuffer(capacity: 1 << 20);
        buffer.Add(new byte[1 << 20]);

        buffer.Take(out var overflowed).Length.Should().Be(1 << 20);
        overflowed.Should().BeFalse();
        buffer.Trim();
        buffer.Add([1]);
        buffer.Take(out _).ToArray().Should().Equal(1);
    }
}
