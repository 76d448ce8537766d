using Supervisor.Stress.Invariants;
using Supervisor.Stress.Recording;

namespace Supervisor.Unit.Stress.Invariants;

public sealed class ProcessesStayFlatSpecs
{
    private const double Megabyte = 1 << 20;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_leak_of_2_MB_an_hour_is_found_within_an_hour(int seed) =>
        Check(seed, TimeSpan.FromHours(1), growth: 2).Violations.Should().Contain(violation => violation.What.Contains("RSS"));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_leak_of_a_third_of_a_MB_an_hour_is_found_within_eight_hours(int seed) =>
        Check(seed, TimeSpan.FromHours(8), growth: 0.34).Violations.Should().Contain(violation => violation.What.Contains("RSS"));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_heap_that_fills_and_is_collected_is_flat(int seed)
    {
        foreach (var minutes in (double[])[12, 60, 480])
            Check(seed, TimeSpan.FromMinutes(minutes), growth: 0).Violated.Should().Be(0);
    }

    [Fact]
    public void A_runtime_that_warms_up_in_its_first_minute_is_flat() => Check(Life(3, TimeSpan.FromHours(1), 0)
        .Select(sample => sample.At < TimeSpan.FromMinutes(1) ? sample with { ResidentBytes = sample.ResidentBytes / 2 } : sample))
        .Violated.Should().Be(0);

    [Fact]
    public void A_heap_that_settles_by_half_a_megabyte_later_is_flat() => Check(Life(3, TimeSpan.FromHours(1), 0)
        .Select(sample => sample.At > TimeSpan.FromMinutes(20) ? sample with { ResidentBytes = sample.ResidentBytes + (1 << 19) } : sample))
        .Violated.Should().Be(0);

    [Fact]
    public void A_descriptor_that_leaks_with_each_of_many_reloads_is_found() => Check(Life(5, TimeSpan.FromHours(1), 0)
        .Select(sample => sample with { Descriptors = 20 + (int)(sample.At.TotalMinutes / 5) })).Violations.Should().Contain(
            violation => violation.What.Contains("descriptors"));

    [Fact]
    public void A_short_lifetime_is_checked_only_for_descriptors_and_threads()
    {
        Check(Life(5, TimeSpan.FromMinutes(3), growth: 500))
            .Should().Match<InvariantVerdict>(verdict => verdict.Violated == 0 && verdict.Checks == 2);
        Check(Life(5, TimeSpan.FromMinutes(3), 0).Select(sample => sample with { Threads = 10 + (int)(sample.At.TotalSeconds / 5) }))
            .Violations.Should().ContainSingle().Which.What.Should().Contain("threads");
    }

    [Fact]
    public void A_successor_process_starts_a_new_series()
    {
        var heavier = Life(8, TimeSpan.FromHours(1), 0)
            .Select(sample => sample with { At = sample.At + TimeSpan.FromHours(1), Pid = 2, ResidentBytes = sample.ResidentBytes * 2 });

        Check(Life(7, TimeSpan.FromHours(1), 0).Concat(heavier)).Violated.Should().Be(0);
    }

    [Fact]
    public void Growth_from_process_to_process_is_found()
    {
        var lives = Enumerable.Range(0, 40).SelectMany(life => Life(life, TimeSpan.FromMinutes(4), 0).Select(sample => sample with
        {
            At = sample.At + TimeSpan.FromMinutes(4 * life), Pid = life,
            ResidentBytes = sample.ResidentBytes + (long)(life * 0.5 * Megabyte),
        }));

        Check(lives).Violations.Should().Contain(violation => violation.What.Contains("from process to process"));
    }

    [Fact]
    public void A_leak_injected_by_a_fault_does_not_count_as_growth()
    {
        var watcher = Life(9, TimeSpan.FromHours(1), 0).Select(sample => sample with
        {
            Process = "watcher",
            ResidentBytes = sample.ResidentBytes + (long)(Math.Max(0, sample.At.TotalMinutes - 40) * Megabyte),
        });
        var fault = new FaultBegan(TimeSpan.FromMinutes(40), 1, "watcher-leak", FaultTarget.Watcher, null, 1);

        Check(watcher).Violated.Should().BePositive();
        Check(watcher.Append<RunEvent>(fault).OrderBy(runEvent => runEvent.At)).Violated.Should().Be(0);
    }

    private static InvariantVerdict Check(int seed, TimeSpan length, double growth) => Check(Life(seed, length, growth));

    private static InvariantVerdict Check(IEnumerable<RunEvent> record)
    {
        var flat = new ProcessesStayFlat();

        foreach (var runEvent in record.Append(new RunEnded(TimeSpan.FromHours(9), "done")))
            flat.Apply(runEvent);

        return flat.Verdict;
    }

    /// <summary>A small runtime under load: a heap that fills and is collected every minute or so, bursts during a reload, correlated noise.</summary>
    private static IEnumerable<ProcessSampled> Life(int seed, TimeSpan length, double growth)
    {
        var random = new Random(seed);
        var period = 40 + (random.NextDouble() * 60);
        var noise = 0.0;

        for (var at = TimeSpan.Zero; at < length; at += TimeSpan.FromSeconds(5))
        {
            noise = (0.95 * noise) + (0.1 * (random.NextDouble() - 0.5));
            var saw = at.TotalSeconds % period / period * 1.5;
            var burst = random.Next(20) == 0 ? 3 : 0;
            var megabytes = 12 + noise + saw + burst + (growth * at.TotalHours);
            yield return new ProcessSampled(
                at, "parent", 1, (long)(megabytes * Megabyte), null, 30 << 20, null, 20 + random.Next(3), 12 + random.Next(2),
                TimeSpan.Zero, null);
        }
    }
}
