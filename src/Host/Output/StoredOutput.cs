using System.Globalization;
using System.Text;

namespace Supervisor.Host.Output;

/// <summary>What an earlier host of the service wrote to its log file.</summary>
internal static class StoredOutput
{
    private const int TailBytes = 64 * 1024;

    /// <summary>The last lines of a server: at most 20 of at most 300 bytes, oldest first, from the last 64 KB of the file.</summary>
    /// <param name="since">The server's start.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public static IReadOnlyList<string> LastServerLines(string path, DateTimeOffset since, TimeProvider time)
    {
        var ring = new OutputRing(time);

        foreach (var (at, stream, text, partial) in Tail(path).Select(Parse).OfType<(DateTimeOffset, OutputStream, string, bool)>().Where(line => line.Item1 >= since))
            ring.Write(at, stream, Encoding.UTF8.GetBytes(text), partial);

        return ring.LastServerLines(after: 0, OutputRing.EvidenceLines, OutputRing.EvidenceLineBytes);
    }

    /// <summary>null: the file was cut there, or it is a line of the host.</summary>
    private static (DateTimeOffset At, OutputStream Stream, string Text, bool Partial)? Parse(string line)
    {
        OutputStream[] ofServer = [OutputStream.Stdout, OutputStream.Stderr];

        return line.Split(' ', 4) is [var time, var word, "F" or "P", var text]
            && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            && Array.FindIndex(ofServer, stream => stream.Word() == word) is >= 0 and var found
                ? (at, ofServer[found], text, line[time.Length + word.Length + 2] == 'P')
                : null;
    }

    private static string[] Tail(string path)
    {
        if (!File.Exists(path))
            return [];

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(Math.Max(0, file.Length - TailBytes), SeekOrigin.Begin);
        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd().Split('\n');
    }
}
