using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

public sealed class SharedHeartbeatSpecs
{
    [Fact]
    public void A_reader_sees_each_beat_once_and_the_owner_beats_only_for_the_reader_it_asks_for()
    {
        using var owner = SharedHeartbeat.TryCreate()!;
        owner.TryBeat(reader: 7).Should().BeFalse("nobody has opened it");

        using var reader = SharedHeartbeat.TryOpen(Environment.ProcessId, owner.Descriptor, reader: 7)!;
        reader.HasBeaten().Should().BeFalse();
        owner.TryBeat(reader: 7).Should().BeTrue();
        reader.HasBeaten().Should().BeTrue();
        reader.HasBeaten().Should().BeFalse("that beat has been seen");

        owner.TryBeat(reader: 8).Should().BeFalse("the reader that the owner asks for is another");
        using var next = SharedHeartbeat.TryOpen(Environment.ProcessId, owner.Descriptor, reader: 8)!;
        owner.TryBeat(reader: 8).Should().BeTrue();
        next.HasBeaten().Should().BeTrue();
        owner.TryBeat(reader: 7).Should().BeFalse("a later reader has taken its place");
    }

    [Fact]
    public void What_is_no_heartbeat_is_not_opened()
    {
        using var owner = SharedHeartbeat.TryCreate()!;
        using var file = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);

        SharedHeartbeat.TryOpen(Environment.ProcessId, (int)file.DangerousGetHandle(), reader: 1).Should().BeNull();
        SharedHeartbeat.TryOpen(Environment.ProcessId, 1_000_000, reader: 1).Should().BeNull();
        SharedHeartbeat.TryOpen(int.MaxValue, owner.Descriptor, reader: 1).Should().BeNull();
        SharedHeartbeat.TryOpen(Environment.ProcessId, descriptor: null, reader: 1).Should().BeNull();
    }

    [Fact]
    public void After_its_end_it_neither_beats_nor_fails()
    {
        var owner = SharedHeartbeat.TryCreate()!;
        var reader = SharedHeartbeat.TryOpen(Environment.ProcessId, owner.Descriptor, reader: 1)!;
        owner.TryBeat(reader: 1).Should().BeTrue();

        owner.Dispose();
        owner.TryBeat(reader: 1).Should().BeFalse();
        reader.HasBeaten().Should().BeTrue("it has beaten before");
        reader.Dispose();
        reader.HasBeaten().Should().BeFalse();
    }
}
