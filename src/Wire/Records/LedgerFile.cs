using System.Text.Json;

namespace Supervisor.Wire.Records;

/// <summary>
/// A restart ledger on disk, a service's or the watcher's: one JSON document a line; at 1 MB the file becomes the old one and a new one begins.
/// Not thread-safe: whoever writes it owns it. Throws what the file system throws.
/// </summary>
public sealed class LedgerFile(string path, long rotateAt = 1_000_000)
{
    private string Old => path + ".1";

    public void Append(LedgerEntry entry)
    {
        var file = new FileInfo(path);

        if (file.Exists && file.Length >= rotateAt)
            File.Move(path, Old, overwrite: true);

        // A line that a full disk cut short is ended here, so that it spoils only itself.
        var needsNewline = file.Exists && file.Length > 0 && file.Length < rotateAt && !EndsWithNewline();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.AppendAllText(path, (needsNewline ? "\n" : "") + JsonSerializer.Serialize(entry, ContractJson.Default.LedgerEntry) + "\n");
    }

    /// <summary>The last entries, oldest first. A line that cannot be read is left out.</summary>
    public IReadOnlyList<LedgerEntry> ReadLast(int count) =>
        [.. new[] { Old, path }.Where(File.Exists).SelectMany(File.ReadLines).Select(Parse).OfType<LedgerEntry>().TakeLast(Math.Clamp(count, 1, 1_000))];

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
            // Cut short by a full disk or by a crash: the entries around it are whole.
            return null;
        }
    }
}
