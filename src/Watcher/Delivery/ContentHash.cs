using System.Buffers.Binary;
using System.Numerics;

namespace Supervisor.Watcher.Delivery;

/// <summary>
/// XXH64 (seed 0) of a file's bytes, fed piece by piece. It tells two versions of one file apart, not friend from enemy, and spares the
/// process a cryptographic library. Zero is kept for "not read": content that hashes to it is given 1. One user at a time.
/// </summary>
public sealed class ContentHash
{
    private const ulong Prime1 = 11400714785074694791, Prime2 = 14029467366897019727, Prime3 = 1609587929392839161;
    private const ulong Prime4 = 9650029242287828579, Prime5 = 2870177450012600261;
    private const int StripeSize = 32;

    private readonly byte[] _tail = new byte[StripeSize];
    private ulong _lane1 = unchecked(Prime1 + Prime2), _lane2 = Prime2, _lane3, _lane4 = unchecked(0 - Prime1);
    private int _tailLength;
    private ulong _total;

    public static ulong Of(ReadOnlySpan<byte> content)
    {
        var hash = new ContentHash();
        hash.Append(content);
        return hash.Finish();
    }

    public void Append(ReadOnlySpan<byte> piece)
    {
        _total += (ulong)piece.Length;

        if (_tailLength > 0)
        {
            var taken = Math.Min(StripeSize - _tailLength, piece.Length);
            piece[..taken].CopyTo(_tail.AsSpan(_tailLength));
            _tailLength += taken;
            piece = piece[taken..];

            if (_tailLength < StripeSize)
                return;

            AddStripe(_tail);
        }

        for (; piece.Length >= StripeSize; piece = piece[StripeSize..])
            AddStripe(piece);

        piece.CopyTo(_tail);
        _tailLength = piece.Length;
    }

    /// <summary>The hash of everything appended; use a new object for the next hash.</summary>
    public ulong Finish()
    {
        var hash = _total >= StripeSize ? MergedLanes() : Prime5;
        hash += _total;

        ReadOnlySpan<byte> rest = _tail.AsSpan(0, _tailLength);

        for (; rest.Length >= 8; rest = rest[8..])
            hash = BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest)), 27) * Prime1 + Prime4;

        if (rest.Length >= 4)
        {
            hash = BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1), 23) * Prime2 + Prime3;
            rest = rest[4..];
        }

        foreach (var single in rest)
            hash = BitOperations.RotateLeft(hash ^ (single * Prime5), 11) * Prime1;

        return Math.Max(Avalanched(hash), 1);
    }

    private static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + input * Prime2, 31) * Prime1;

    private static ulong Avalanched(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    private void AddStripe(ReadOnlySpan<byte> stripe)
    {
        _lane1 = Round(_lane1, BinaryPrimitives.ReadUInt64LittleEndian(stripe));
        _lane2 = Round(_lane2, BinaryPrimitives.ReadUInt64LittleEndian(stripe[8..]));
        _lane3 = Round(_lane3, BinaryPrimitives.ReadUInt64LittleEndian(stripe[16..]));
        _lane4 = Round(_lane4, BinaryPrimitives.ReadUInt64LittleEndian(stripe[24..]));
    }

    private ulong MergedLanes()
    {
        var hash = BitOperations.RotateLeft(_lane1, 1) + BitOperations.RotateLeft(_lane2, 7)
            + BitOperations.RotateLeft(_lane3, 12) + BitOperations.RotateLeft(_lane4, 18);

        foreach (var lane in (ReadOnlySpan<ulong>)[_lane1, _lane2, _lane3, _lane4])
            hash = (hash ^ Round(0, lane)) * Prime1 + Prime4;

        return hash;
    }
}
