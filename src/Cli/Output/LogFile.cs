using System.Globalization;
using System.Text;

namespace Supervisor.Cli.Output;

/// <summary>
/// A service's log files, oldest line first: <c>SERVICE.log.N</c> down to <c>SERVICE.log</c>. A line is <c>TIME stream F|P text</c>, as container
/// runtimes write it. Other lines (one cut short by a full disk) are skipped.
/// </summary>
internal static class LogFile
{
    private const int MaxFiles = 100;

    public static IEnumerable<LogLine> Read(string newest)
    {
        var files = Enumerable.Range(1, MaxFiles).Select(n => $"{newest}.{n}").TakeWhile(File.Exists).Reverse().Append(newest);

        foreach (var file in files)
        {
            foreach (var line in ReadOne(file))
                yield return line;
        }
    }

    internal static LogLine? Parse(string text)
    {
        var parts = text.Split(' ', 4);

        return parts.Length == 4 && parts[2] is "F" or "P"
            && DateTimeOffset.TryParse(parts[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? new LogLine(Number: 0, at, parts[1], parts[3], Partial: parts[2] == "P")
            : null;
    }

    private static IEnumerable<LogLine> ReadOne(string file)
    {
        using var reader = Open(file);

        while (reader?.ReadLine() is { } text)
        {
            if (Parse(text) is { } line)
                yield return line;
        }
    }

    private static StreamReader? Open(string file)
    {
        try
        {
            return new StreamReader(
                new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), Encoding.UTF8);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Rotated since the listing, or never written.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failed, $"{file} cannot be read: {e.Message}", inner: e);
        }
    }
}
