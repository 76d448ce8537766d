using System.Buffers.Binary;
using System.Numerics;

namespace Supervisor.Watcher.Delivery;

/// <summary>
/// How the change log lies on disk: a header, the snapshot's entries in pieces, the snapshot's end, then one record per batch. One file, so
/// that one rename publishes a snapshot together with its log. Every record is framed by length, CRC-32C and kind; all numbers are
/// little-endian.
/// </summary>
internal static class LogFormat
{
    /// <summary>
    /// Raised whenever the bytes mean something else; there is no reading of older ones (a watcher that cannot resume says so).
    /// </summary>
    public const int Version = 1;

    /// <summary>Length, checksum, kind.</summary>
    public const int FrameSize = 9;

    /// <summary>A record of 16,384 changes with the longest paths is half of it; a longer claim is damage, not a record.</summary>
    public const int MaxPayload = 128 << 20;

    /// <summary>Over kind and payload.</summary>
    public static uint Checksum(RecordKind kind, ReadOnlySpan<byte> payload)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (byte)kind);

        for (; payload.Length >= 8; payload = payload[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(payload));

        foreach (var single in payload)
            crc = BitOperations.Crc32C(crc, single);

        return ~crc;
    }
}

/// <summary>The numbers are written to disk: never renumber.</summary>
internal enum RecordKind : byte
{
    Header = 1,
    Entries = 2,
    SnapshotEnd = 3,
    Changes = 4,
}
