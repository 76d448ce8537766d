using System.Diagnostics;
using Supervisor.Stress.Observing;
using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress;

public sealed class ProcessSamplerSpecs
{
    private static readonly int Self = Environment.ProcessId;

    private readonly InMemoryRecord _record = new();

    [Fact]
    public void The_figures_of_this_process_are_correct()
    {
        using var self = Process.GetCurrentProcess();

        var figures = ProcessFigures.TryRead(Self)!;

        figures.ResidentBytes.Should().BeCloseTo(self.WorkingSet64, 50_000_000);
        figures.PeakBytes.Should().BeGreaterThanOrEqualTo(figures.ResidentBytes);
        figures.Threads.Should().BeInRange(self.Threads.Count - 10, self.Threads.Count + 10);
        figures.Descriptors.Should().BeGreaterThan(10);
        figures.Cpu.Should().BeCloseTo(self.TotalProcessorTime, TimeSpan.FromSeconds(2));
        var proportional = ProcessFigures.TryReadProportional(Self);
        self.Refresh();
        proportional.Should().BeInRange(1_000_000, self.PeakWorkingSet64);
    }

    [Fact]
    public void An_open_file_adds_a_descriptor()
    {
        // Compared within one process, after its exec: another one may have inherited other descriptors, and some are open until the exec has ended.
        var start = new ProcessStartInfo("sh", ["-c", "echo ready; read -r _; exec 7</dev/null 8</dev/null; echo opened; read -r _"])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        using var shell = Process.Start(start)!;

        shell.StandardOutput.ReadLine().Should().Be("ready");
        var before = ProcessFigures.TryRead(shell.Id)!.Descriptors;
        shell.StandardInput.WriteLine();
        shell.StandardOutput.ReadLine().Should().Be("opened");
        var after = ProcessFigures.TryRead(shell.Id)!.Descriptors;
        shell.StandardInput.Close();
        shell.WaitForExit();

        after.Should().Be(before + 2);
    }

    [Fact]
    public void Every_process_of_the_board_is_sampled_with_its_cap()
    {
        Sampler().Sample(Board(server: Self));

        _record.Events.OfType<ProcessSampled>().Select(sample => (sample.Process, sample.CapBytes, sample.QueueDepth)).Should().Equal(
            ("parent", null, null), ("watcher", 128L, 7), ("host web", null, null), ("server web", 256L, null));
    }

    [Fact]
    public void An_ended_process_is_skipped()
    {
        Sampler().Sample(Board(server: int.MaxValue));

        _record.Events.OfType<ProcessSampled>().Select(sample => sample.Process).Should().Equal("parent", "watcher", "host web");
    }

    [Fact]
    public void PSS_is_taken_every_fifth_time()
    {
        var sampler = Sampler();
        for (var i = 0; i < 6; i++)
            sampler.Sample(Board(server: null));

        _record.Events.OfType<ProcessSampled>().Where(sample => sample.Process == "parent").Select(sample => sample.ProportionalBytes is not null)
            .Should().Equal(true, false, false, false, false, true);
    }

    [Theory]
    [InlineData("Name:\tx\nVmRSS:\t   1234 kB\nThreads:\t5\n", "VmRSS:", 1234)]
    [InlineData("Name:\tx\nThreads:\t5\n", "Threads:", 5)]
    public void A_figure_is_the_number_on_its_line(string text, string name, long value) => ProcessFigures.Line(text, name).Should().Be(value);

    [Fact]
    public void A_missing_line_has_no_figure() => ProcessFigures.Line("Name:\tx\n", "VmRSS:").Should().BeNull();

    private static StatusReport Board(int? server) => new(
        new TreeStatus("supervisor.json", Self, DateTimeOffset.UnixEpoch, "1", Revision: 1),
        new WatcherStatus(WatcherPhase.Watching, Self, 1, "inotify", 0, Degraded: false, 1, 1, QueueDepth: 7, null, MemoryLimitBytes: 128, null, LastExit: null, WatcherPressure.None, [], ResyncCounts.None, []),
        [
            new ServiceStatus(
                "web", ServicePhase.Ready, Stale: false, server, Self, Generation: 1, 0, 0, null, null, [], null, null, LastExit: null, LastChange: null,
                Reason: null),
        ]);

    private ProcessSampler Sampler()
    {
        var web = new ProjectService("web", Flavour.Puppet, "/nowhere", ".txt", 1, ReloadsInPlace: false, Untouched: false, CapBytes: 256);
        return new ProcessSampler(_record, new ProjectTree("/nowhere", [web]), () => throw new InvalidOperationException("not asked"), TimeSpan.FromSeconds(1));
    }
}
