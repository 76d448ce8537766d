using Microsoft.Win32.SafeHandles;

namespace Supervisor.Watcher.Delivery;

/// <summary>
/// Reads a change log: first all of it for soundness, then up to the wanted cursor into a state map. So a bad file never half-fills a map.
/// </summary>
internal static class LogReplay
{
    /// <summary>Finds the cursor. The caller has the file open and keeps it open for <see cref="Feed"/>.</summary>
    /// <exception cref="IOException">The system cannot read the file.</exception>
    /// <exception cref="InvalidDataException">The checksums are right and the content is not.</exception>
    public static LoadResult Survey(SafeFileHandle file, string rulesHash, Cursor applied)
    {
        var reader = new RecordReader(file);

        if (!reader.TryRead() || reader.Kind != RecordKind.Header)
            return Lost(LostReason.Corrupt, "The watcher's log has no header.");

        var header = LogHeader.Read(reader.Payload);

        if (header.Version != LogFormat.Version)
            return Lost(LostReason.OtherVersion, $"The watcher's log has format {header.Version}; this watcher reads {LogFormat.Version}.");

        if (header.RulesHash != rulesHash)
            return Lost(LostReason.OtherRules, "The watch rules are not those under which the watcher's log was written.");

        while (reader.TryRead() && reader.Kind == RecordKind.Entries)
        {
        }

        // Either the end of the snapshot, or what was read last before a record that is not whole.
        if (reader.Kind != RecordKind.SnapshotEnd)
            return Lost(LostReason.Corrupt, $"The snapshot in the watcher's log is damaged after byte {reader.Position:N0}.");

        return FindCursor(reader, header.At, applied);
    }

    /// <summary>
    /// Gives every entry up to <paramref name="end"/> to the sink; <paramref name="wanted"/> chooses the kind of records.
    /// </summary>
    /// <returns>How many entries there were.</returns>
    public static long Feed(SafeFileHandle file, long end, Predicate<RecordKind> wanted, IStateSink sink)
    {
        var reader = new RecordReader(file, end);
        var codec = new EntryCodec();
        var entries = 0L;

        while (reader.TryRead())
        {
            if (reader.Kind is not (RecordKind.Entries or RecordKind.Changes) || !wanted(reader.Kind))
                continue;

            var payload = reader.Payload;

            if (reader.Kind == RecordKind.Changes)
                LogHeader.ReadCursor(ref payload);

            for (codec.StartRecord(); !payload.IsEmpty; entries++)
                codec.Read(ref payload, sink);
        }

        return entries;
    }

    private static LoadResult.Lost Lost(LostReason reason, string message) => new(reason, message);

    private static LoadResult FindCursor(RecordReader reader, Cursor at, Cursor applied)
    {
        var snapshotEnd = reader.Position;

        while (at != applied)
        {
            if (!reader.TryRead() || reader.Kind != RecordKind.Changes)
                return Lost(LostReason.CursorNotFound, $"The watcher's log ends at cursor {at} and does not hold {applied}.");

            at = CursorOf(reader);
        }

        // What was learned of files without a change stands behind, under the same cursor.
        var end = reader.Position;

        while (reader.TryRead() && reader.Kind == RecordKind.Changes && CursorOf(reader) == applied)
            end = reader.Position;

        return new LoadResult.Resumed(applied, Entries: 0) { End = end, SnapshotEnd = snapshotEnd };
    }

    private static Cursor CursorOf(RecordReader reader)
    {
        var payload = reader.Payload;
        return LogHeader.ReadCursor(ref payload);
    }
}

/// <param name="At">Cursor that the snapshot stands for.</param>
internal sealed record LogHeader(int Version, string RulesHash, Cursor At)
{
    public static LogHeader Read(PayloadReader payload)
    {
        var version = payload.ReadVarint();

        // What follows is this version's; another one may have anything there.
        return version == LogFormat.Version
            ? new LogHeader((int)version, payload.ReadText(), ReadCursor(ref payload))
            : new LogHeader((int)version, "", default);
    }

    public void Write(RecordBuffer record)
    {
        record.WriteVarint((ulong)Version);
        record.WriteText(RulesHash);
        WriteCursor(record, At);
    }

    public static Cursor ReadCursor(ref PayloadReader payload) => new((long)payload.ReadVarint(), (long)payload.ReadVarint());

    public static void WriteCursor(RecordBuffer record, Cursor cursor)
    {
        record.WriteVarint((ulong)cursor.Epoch);
        record.WriteVarint((ulong)cursor.Sequence);
    }
}
