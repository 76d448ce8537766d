using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Supervisor.Watcher.Sources.Trees.Watchman;

/// <summary>What we ask of Watchman (facebook.github.io/watchman/docs/cmd), one line of JSON each. Pure.</summary>
internal static class WatchmanRequest
{
    public const string Subscription = "supervisor";

    // Watchman gives the names back as the bytes they are.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Version() => Write(request =>
    {
        request.WriteStringValue("version");
        request.WriteStartObject();
        request.WriteStartArray("required");
        request.WriteStringValue("cmd-watch-project");
        request.WriteStringValue("relative_root");
        request.WriteStringValue("clock-sync-timeout");
        request.WriteEndArray();
        request.WriteEndObject();
    });

    public static ReadOnlyMemory<byte> WatchProject(string path) => Write(request =>
    {
        request.WriteStringValue("watch-project");
        request.WriteStringValue(path);
    });

    /// <summary>Asks for the clock, after Watchman has processed everything that happened before.</summary>
    public static ReadOnlyMemory<byte> Clock(string watch, TimeSpan timeout) => Write(request =>
    {
        request.WriteStringValue("clock");
        request.WriteStringValue(watch);
        request.WriteStartObject();
        request.WriteNumber("sync_timeout", (long)timeout.TotalMilliseconds);
        request.WriteEndObject();
    });

    public static ReadOnlyMemory<byte> Subscribe(string watch, string? relative, string since) => Write(request =>
    {
        request.WriteStringValue("subscribe");
        request.WriteStringValue(watch);
        request.WriteStringValue(Subscription);
        WriteQuery(request, relative, since);
        request.WriteEndObject();
    });

    /// <param name="timeout">Null: what it knows by now. Else after everything has been taken in that happened before.</param>
    public static ReadOnlyMemory<byte> Since(string watch, string? relative, string since, TimeSpan? timeout) => Write(request =>
    {
        request.WriteStringValue("query");
        request.WriteStringValue(watch);
        WriteQuery(request, relative, since);
        request.WriteNumber("sync_timeout", (long)(timeout?.TotalMilliseconds ?? 0));
        request.WriteEndObject();
    });

    // A list of everything would tell us nothing that we do not read ourselves.
    private static void WriteQuery(Utf8JsonWriter request, string? relative, string since)
    {
        request.WriteStartObject();
        request.WriteString("since", since);
        request.WriteBoolean("empty_on_fresh_instance", value: true);

        if (relative is not null)
            request.WriteString("relative_root", relative);

        request.WriteStartArray("fields");

        foreach (var field in (ReadOnlySpan<string>)["name", "exists", "new", "type"])
            request.WriteStringValue(field);

        request.WriteEndArray();
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> arguments)
    {
        var line = new ArrayBufferWriter<byte>();

        using (var request = new Utf8JsonWriter(line, Plain))
        {
            request.WriteStartArray();
            arguments(request);
            request.WriteEndArray();
        }

        line.Write("\n"u8);
        return line.WrittenMemory;
    }
}
