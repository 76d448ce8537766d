using System.Text;
using Supervisor.Host.Output;

namespace Supervisor.Unit.Host;

public sealed class LogFileSpecs : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("supervisor-log-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "web.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_line_is_written_with_time_stream_and_unchanged_bytes()
    {
        using var file = new LogFile(Path, _time);
        file.Add(_time.GetUtcNow(), OutputStream.Stdout, [0xFF, 0, (byte)'x'], partial: false);
        file.Add(_time.GetUtcNow(), OutputStream.Stderr, "half"u8, partial: true);
        file.Flush();

        File.ReadAllBytes(Path).Should().Equal(
            [.. "2026-01-02T12:00:00.000000Z stdout F "u8, 0xFF, 0, (byte)'x', .. "\n2026-01-02T12:00:00.000000Z stderr P half\n"u8]);
    }

    [Fact]
    public void Five_files_are_kept_and_the_newest_has_no_number()
    {
        using var file = new LogFile(Path, _time, new LogsSpec(RotateAt: 100, Files: 5));

        for (var line = 0; line < 40; line++)
            Write(file, $"line {line:00}");

        Directory.GetFiles(_folder).Select(System.IO.Path.GetFileName).Should()
            .BeEquivalentTo("web.log", "web.log.1", "web.log.2", "web.log.3", "web.log.4");
        File.ReadAllText(Path).Should().Contain("line 39");
        File.ReadAllText(Path + ".1").Should().NotContain("line 39");
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("renamed")]
    [InlineData("emptied")]
    public void A_removed_or_emptied_file_is_created_again(string how)
    {
        using var file = new LogFile(Path, _time);
        Write(file, "before");

        switch (how)
        {
            case "deleted": File.Delete(Path); break;
            case "renamed": File.Move(Path, Path + ".mine"); break;
            default: File.WriteAllText(Path, ""); break;
        }

        _time.Advance(TimeSpan.FromSeconds(2));
        Write(file, "after");

        File.ReadAllText(Path).Should().EndWith("after\n").And.NotContain("before").And.NotContain("\0");
    }

    [Fact]
    public void A_full_disk_sets_the_last_error_and_throws_nothing()
    {
        using var file = new LogFile("/dev/full", _time);
        Write(file, "lost");

        file.LastError.Should().NotBeNull();
    }

    [Fact]
    public void After_a_disk_error_the_file_holds_only_whole_lines()
    {
        using var file = new LogFile(Path, _time);
        Write(file, "first");
        file.LastError.Should().BeNull();

        // A directory at the file's path makes every write fail, like a full disk.
        File.Delete(Path);
        Directory.CreateDirectory(Path);
        _time.Advance(TimeSpan.FromSeconds(2));
        Write(file, "lost");
        file.LastError.Should().NotBeNull();

        Directory.Delete(Path);
        _time.Advance(TimeSpan.FromSeconds(2));
        Write(file, "found");

        file.LastError.Should().BeNull();
        File.ReadAllLines(Path).Should().ContainSingle().Which.Should().EndWith("stdout F found");
    }

    [Fact]
    public async Task A_disk_error_is_reported_once_a_minute_and_viewers_see_every_line()
    {
        var warnings = new List<string>();
        var ring = new OutputRing(_time);
        using var store = new OutputStore(ring, new LogFile("/dev/full", _time), warnings.Add, _time);

        for (var second = 0; second < 121; second++)
        {
            store.WriteHostLines($"line {second}");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        warnings.Should().HaveCount(3);
        (await ring.ReadAsync(new(null, 1_000, 0), CancellationToken.None)).Lines.Should().HaveCount(121);
    }

    private void Write(LogFile file, string text)
    {
        file.Add(_time.GetUtcNow(), OutputStream.Stdout, Encoding.UTF8.GetBytes(text), partial: false);
        file.Flush();
    }
}
