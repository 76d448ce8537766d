using System.Text.Json;

namespace Supervisor.Stress.Recording;

/// <summary>A record on disk: one event a line. Not thread-safe: the run's loop owns the one it writes.</summary>
internal sealed class RecordFile(string path) : IAsyncDisposable
{
    private readonly StreamWriter _writer = new(path, append: false);

    public void Append(RunEvent runEvent) => _writer.WriteLine(RecordJson.ToLine(runEvent));

    /// <summary>What was appended can be read by others from now on.</summary>
    public Task FlushAsync() => _writer.FlushAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    /// <summary>The events of a stored record, in order. A last line that a killed run left unfinished is left out.</summary>
    /// <exception cref="InvalidDataException">Names the line that is no event.</exception>
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
