using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Supervisor.Wire.Records;

/// <summary>One record on disk, replaced as a whole: a reader sees the old one or the new one, never a mixture.</summary>
public static class RecordFile
{
    /// <summary>null: it is missing or unreadable.</summary>
    public static T? TryRead<T>(string path, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">The old file stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The old file stays.</exception>
    public static void Write<T>(string path, T record, JsonTypeInfo<T> type)
    {
        var next = path + ".tmp";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(record, type));
        File.Move(next, path, overwrite: true);
    }
}
