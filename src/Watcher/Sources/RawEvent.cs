using System.Buffers.Binary;

namespace Supervisor.Watcher.Sources;

/// <summary>One struct inotify_event: a hint that something may have changed, never a fact.</summary>
/// <param name="watch">The kernel's number of the watch; -1 for an overflow.</param>
internal readonly ref struct RawEvent(int watch, uint mask, ReadOnlySpan<byte> name)
{
    private const int HeaderSize = 16;

    public int Watch { get; } = watch;

    public uint Mask { get; } = mask;

    /// <summary>Raw bytes as the file system has them; empty for an event about the directory itself.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    public bool Has(uint bits) => (Mask & bits) != 0;

    /// <summary>Takes the first event off the front.</summary>
    public static RawEvent Next(ref ReadOnlySpan<byte> events)
    {
        var watch = BinaryPrimitives.ReadInt32LittleEndian(events);
        var mask = BinaryPrimitives.ReadUInt32LittleEndian(events[4..]);
        var padded = BinaryPrimitives.ReadInt32LittleEndian(events[12..]);
        var name = events.Slice(HeaderSize, padded);
        var end = name.IndexOf((byte)0);
        events = events[(HeaderSize + padded)..];
        return new RawEvent(watch, mask, end < 0 ? name : name[..end]);
    }
}
