using System.Text.Json;

namespace Supervisor.Wire.Records;

/// <summary>
/// A restart ledger on disk, a service's or the watcher's: one JSON document per line; at 1 MB the file is rotated. Not thread-safe: the writer owns
/// it. Throws the errors of the file system.
/// </summary>
public sealed class LedgerFile(string path, long rotateAt = 1_000_000)
{
    private string Old => path + ".1";

    public void Append(LedgerEntry entry)
    {
        var file = new FileInfo(path);

        if (file.Exists && file.Length >= rotateAt)
            File.Move(path, Old, overwrite: true);

        // Ends a line that a full disk cut short, so that only that line is lost.
        var needsNewline = file.Exists && file.Length > 0 && file.Length < rotateAt && !EndsWithNewline();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.AppendAllText(path, (needsNewline ? "\n" : "") + JsonSerializer.Serialize(entry, ContractJson.Default.LedgerEntry) + "\n");
    }

    /// <summary>The last entries, oldest first. Unreadable lines are skipped.</summary>
    public IReadOnlyList<LedgerEntry> ReadLast(int count) =>
        [.. Read().TakeLast(Math.Clamp(count, 1, 1_000))];

    /// <summary>The entries that are not older, oldest first, as they are read from the file.</summary>
    public IEnumerable<LedgerEntry> ReadSince(DateTimeOffset since) => Read().Where(entry => entry.At >= since);

    private IEnumerable<LedgerEntry> Read() => new[] { Old, path }.Where(File.Exists).SelectMany(File.ReadLines).Select(Parse).OfType<LedgerEntry>();

    private bool EndsWithNewline()
    {
        using var file = File.OpenRead(path);
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }

    private static LedgerEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ContractJson.Default.LedgerEntry);
        }
        catch (JsonException)
        {
            // A full disk or a crash cut the line short; the other entries are complete.
            return null;
        }
    }
}
