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
    public void A_line_is_written_with_time_stream_and_its_own_bytes()
    {
        using var file = new LogFile(Path, _time);
        file.Add(_time.GetUtcNow(), OutputStream.Stdout, [0xFF, 0, (byte)'x'], partial: false);
        file.Add(_time.GetUtcNow(), OutputStream.Stderr, "half"u8, partial: true);
        file.Flush();

        File.ReadAllBytes(Path).Should().Equal(
            [.. "2026-01-02T12:00:00.000000Z stdout F "u8, 0xFF, 0, (byte)'x', .. "\n2026-01-02T12:00:00.000000Z stderr P half\n"u8]);
    }

    [Fact]
    public void Five_files_are_kept_the_newest_without_a_number()
    {
        using var file = new LogFile(Path, _time, rotateAt: 100);

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
    public void A_file_that_somebody_took_away_is_begun_again(string how)
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
    public void A_full_disk_is_trouble_and_not_an_exception()
    {
        using var file = new LogFile("/dev/full", _time);
        Write(file, "lost");

        file.Trouble.Should().NotBeNull();
    }

    [Fact]
    public void When_the_disk_takes_lines_again_the_file_holds_only_whole_ones()
    {
        using var file = new LogFile(Path, _time);
        Write(file, "first");
        file.Trouble.Should().BeNull();

        // A directory in the file's place refuses like a full disk does, for as long as it stands.
        File.Delete(Path);
        Directory.CreateDirectory(Path);
        _time.Advance(TimeSpan.FromSeconds(2));
        Write(file, "lost");
        file.Trouble.Should().NotBeNull();

        Directory.Delete(Path);
        _time.Advance(TimeSpan.FromSeconds(2));
        Write(file, "found");

        file.Trouble.Should().BeNull();
        File.ReadAllLines(Path).Should().ContainSingle().Which.Should().EndWith("stdout F found");
    }

    [Fact]
    public async Task Trouble_with_the_disk_is_told_once_a_minute_and_viewers_see_every_line()
    {
        var warnings = new List<string>();
        var ring = new OutputRing(_time);
        using var store = new OutputStore(ring, new LogFile("/dev/full", _time), warnings.Add, _time);

        for (var second = 0; second < 121; second++)
        {
            store.Say($"line {second}");
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
