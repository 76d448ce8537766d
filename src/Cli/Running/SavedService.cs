using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Supervisor.Cli.Init;
using Supervisor.Configuration;

namespace Supervisor.Cli.Running;

/// <summary>Adds a service to a configuration file, whose comments and form stay as they are.</summary>
internal static class SavedService
{
    private const string Key = "services";

    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Writes the file, or makes one. It is replaced as a whole, and only by one without mistakes.</summary>
    /// <exception cref="CommandFailure">It has such a service already, it has mistakes, or it cannot be written.</exception>
    public static void Add(string path, string name, JsonObject members)
    {
        path = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        var folder = Path.GetDirectoryName(path)!;
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}.tmp");

        if (!Directory.Exists(folder))
            throw new CommandFailure(ExitCode.Failed, $"{path} cannot be written: {folder} does not exist.");

        try
        {
            File.WriteAllText(temporary, File.Exists(path) ? With(File.ReadAllText(path), name, members, path) : CommentedJson.Alone(name, members));

            if (ConfigurationFile.Read(temporary) is ReadResult.Invalid { Mistakes: var mistakes })
                throw new CommandFailure(ExitCode.BadConfig, $"{path} would have mistakes with {name}; it was left as it is:", [.. mistakes.Select(mistake => (mistake with { File = path }).ToString())]);

            if (!OperatingSystem.IsWindows() && File.Exists(path))
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(path));

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failed, $"{path} cannot be written: {failure.Message}", inner: failure);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>The text with one more service, the first. Pure.</summary>
    internal static string With(string text, string name, JsonObject members, string path)
    {
        var bytes = Encoding.UTF8.GetBytes(text);

        try
        {
            var (at, isEmpty) = PlaceIn(bytes, name, path);
            var entry = Encoding.UTF8.GetBytes($"\n{CommentedJson.Entry(name, members)}{(isEmpty ? "\n  " : ",")}");
            return Encoding.UTF8.GetString([.. bytes[..at], .. entry, .. bytes[at..]]);
        }
        catch (JsonException wrong)
        {
            throw new CommandFailure(ExitCode.BadConfig, $"{path}:{(wrong.LineNumber ?? 0) + 1} is not JSON; \"supervisor check\" says more.", inner: wrong);
        }
    }

    /// <returns>Behind the brace that begins the services.</returns>
    private static (int At, bool IsEmpty) PlaceIn(byte[] text, string name, string path)
    {
        // The reader does not skip a byte order mark.
        var start = text.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var reader = new Utf8JsonReader(text.AsSpan(start), Lenient);
        (int At, bool IsEmpty)? place = null;

        while (reader.Read())
        {
            if (place is null && reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName } && reader.ValueTextEquals(Key) && reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                place = (start + (int)reader.BytesConsumed, IsEmpty: true);
            else if (place is not null && reader.CurrentDepth == 1)
                return place.Value;
            else if (place is not null && reader is { CurrentDepth: 2, TokenType: JsonTokenType.PropertyName })
                place = !reader.ValueTextEquals(name) ? place.Value with { IsEmpty = false } : throw new CommandFailure(ExitCode.BadUsage, $"{path} has a service {name} already; choose another name.");
        }

        throw new CommandFailure(ExitCode.BadConfig, $"{path} has no \"{Key}\" to which {name} could be added.");
    }
}
