using System.Globalization;
using System.Runtime.InteropServices;

namespace Supervisor.Watcher.Delivery;

/// <summary>
/// A position in the stream of batches, written <c>epoch.sequence</c>; opaque to everybody else. The sequence goes on from one epoch to
/// the next, so that cursors of one run of the tree are ordered and never repeat.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Cursor(long Epoch, long Sequence)
{
    public static bool TryParse(string? text, out Cursor cursor)
    {
        cursor = default;
        var dot = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;

        if (dot <= 0
            || !long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            || !long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            return false;
        }

        cursor = new Cursor(epoch, sequence);
        return true;
    }

    /// <summary>The cursor of the next batch when this one was the last: same sequence line, the given watcher's epoch.</summary>
    public Cursor Next(long epoch) => new(epoch, Sequence + 1);

    public bool IsAfter(Cursor other) => Sequence != other.Sequence ? Sequence > other.Sequence : Epoch > other.Epoch;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Sequence}");
}
