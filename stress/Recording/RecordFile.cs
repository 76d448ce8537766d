using System.Text.Json;

namespace Supervisor.Stress.Recording;

/// <summary>A record on disk, one event per line. Not thread-safe: the run's loop owns the one it writes.</summary>
internal sealed class RecordFile(string path) : IAsyncDisposable
{
    private readonly StreamWriter _writer = new(path, append: false);

    public void Append(RunEvent runEvent) => _writer.WriteLine(RecordJson.ToLine(runEvent));

    /// <summary>Makes the appended events readable by others.</summary>
    public Task FlushAsync() => _writer.FlushAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    /// <summary>The events of a stored record, in order. Skips an unfinished last line of a killed run.</summary>
    /// <exception cref="InvalidDataException">A line is not an event; the message names it.</exception>
    public static IEnumerable<RunEvent> Read(string path)
    {
        var number = 0;
        string? line;
        using var reader = new StreamReader(path);
        while ((line = reader.ReadLine()) is not null)
        {
            number++;
            if (Parse(path, number, line, isLast: reader.Peek() < 0) is { } runEvent)
                yield return runEvent;
        }
    }

    private static RunEvent? Parse(string path, int number, string line, bool isLast)
    {
        try
        {
            return RecordJson.FromLine(line);
        }
        catch (JsonException) when (isLast && number > 1)
        {
            return null; // The run was killed in the middle of a write.
        }
        catch (JsonException unreadable)
        {
            throw new InvalidDataException($"{path}, line {number}: not an event of a record ({unreadable.Message})", unreadable);
        }
    }
}
