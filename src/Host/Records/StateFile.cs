using System.Text.Json;

namespace Supervisor.Host.Records;

/// <summary>The <see cref="HostFile"/> on disk, replaced as a whole: a reader sees the old one or the new one, never half of one.</summary>
internal static class StateFile
{
    /// <summary>null: there is none, or it cannot be read. Then nothing is known, which is safe: what is still running is found by its mark.</summary>
    public static HostFile? TryRead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ContractJson.Default.HostFile);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">The old file stays.</exception>
    public static void Write(string path, HostFile file)
    {
        var next = path + ".tmp";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(file, ContractJson.Default.HostFile));
        File.Move(next, path, overwrite: true);
    }
}
