using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress.Recording;

public sealed class RecordFileSpecs : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    private static readonly RunEvent[] Night =
    [
        new RunBegan(
            TimeSpan.Zero, new RunPlan("night", 7, TimeSpan.FromHours(8), 60, 3, TimeSpan.FromSeconds(40)),
            new RunEnvironment(DateTimeOffset.UnixEpoch, "a machine", "6.1", 2, 1024, "native", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["git"] = "2.39" }, "run"),
            [new ServiceFacts("web", "django", 8000, ReloadsInPlace: false, Untouched: false, 400, CapBytes: null)]),
        new FaultBegan(TimeSpan.FromSeconds(1.5), 1, "host-kill", FaultTarget.Host, "web", 12),
        new WatcherSeen(
            TimeSpan.FromSeconds(2), WatcherPhase.Watching, 13, TimeSpan.FromSeconds(-0.25), 3, "inotify", Degraded: true, 2,
            new ExitStatus(ExitKind.Signal, null, "SIGABRT", DateTimeOffset.UnixEpoch)),
        new LedgerEntrySeen(
            TimeSpan.FromSeconds(3), "web", TimeSpan.FromSeconds(2.5),
            new LedgerEntry(DateTimeOffset.UnixEpoch, "started", "files", 2, 14, ["a.py"], null, null, 41)),
        new RunEnded(TimeSpan.FromHours(8), "the schedule is done"),
    ];

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task A_record_is_read_back_unchanged()
    {
        await using (var file = new RecordFile(_path))
        {
            foreach (var runEvent in Night)
                file.Append(runEvent);
        }

        RecordFile.Read(_path).Should().BeEquivalentTo(
            Night, options => options.RespectingRuntimeTypes().WithStrictOrdering().ComparingByMembers<RunEvent>());
    }

    [Fact]
    public void Durations_and_times_are_seconds_in_the_file() =>
        RecordJson.ToLine(Night[1]).Should().Contain("\"at\":1.5").And.StartWith("{\"kind\":\"fault-began\"");

    [Fact]
    public void The_unfinished_last_line_of_a_killed_run_is_skipped()
    {
        File.WriteAllText(_path, RecordJson.ToLine(Night[1]) + "\n" + RecordJson.ToLine(Night[2])[..40]);

        RecordFile.Read(_path).Should().ContainSingle().Which.Should().Be(Night[1]);
    }

    [Fact]
    public void A_file_that_is_not_a_record_is_refused_with_the_line_number()
    {
        File.WriteAllText(_path, "once upon a time\n");

        FluentActions.Enumerating(() => RecordFile.Read(_path)).Should().Throw<InvalidDataException>().WithMessage($"{_path}, line 1: *");
    }
}
