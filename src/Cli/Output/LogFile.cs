using System.Globalization;
using System.Text;

namespace Supervisor.Cli.Output;

/// <summary>
/// A service's log files, oldest line first: <c>SERVICE.log.N</c> down to <c>SERVICE.log</c>. A line is <c>TIME stream F|P text</c>, as container
/// runtimes write it, and ends at LF: a server may print any other character. Other lines (one cut short by a full disk) are skipped.
/// </summary>
internal static class LogFile
{
    private const int MaxFiles = 100;
    private const int MaxAttempts = 5;
    private const int BlockSize = 64 * 1024;

    public static IEnumerable<LogLine> Read(string newest)
    {
        var files = OpenAll(newest);

        try
        {
            foreach (var line in files.AsEnumerable().Reverse().SelectMany(Lines))
            {
                if (Parse(line) is { } parsed)
                    yield return parsed;
            }
        }
        finally
        {
            files.ForEach(file => file.Dispose());
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

    /// <summary>Newest first. A flooding server rotates several times a second: a file that is open stays the same under any name.</summary>
    private static List<FileStream> OpenAll(string newest)
    {
        for (var attempt = 1; ; attempt++)
        {
            var current = Open(newest);
            var older = Enumerable.Range(1, MaxFiles).Select(n => Open($"{newest}.{n}")).TakeWhile(file => file is not null);
            List<FileStream> files = [.. older.Prepend(current).OfType<FileStream>()];

            if (current is null || attempt == MaxAttempts || !HasRotated(newest, current))
                return files;

            files.ForEach(file => file.Dispose());
        }
    }

    private static bool HasRotated(string newest, FileStream opened) => new FileInfo(newest) is var now && (!now.Exists || now.Length < opened.Length);

    private static IEnumerable<string> Lines(FileStream file)
    {
        var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        var block = new char[BlockSize];
        var line = new StringBuilder();

        while (reader.Read(block) is > 0 and var count)
        {
            var start = 0;

            for (int end; (end = Array.IndexOf(block, '\n', start, count - start)) >= 0; start = end + 1)
            {
                yield return line.Append(block, start, end - start).ToString();
                line.Clear();
            }

            line.Append(block, start, count - start);
        }
    }

    private static FileStream? Open(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
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
