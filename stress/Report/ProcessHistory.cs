using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Report;

/// <summary>The resource usage of one role of the tree over the run, across its restarts.</summary>
internal sealed class ProcessHistory(TimeGrid grid)
{
    private const double Megabyte = 1 << 20;

    private readonly Gauge _resident = new(grid);
    private readonly Gauge _proportional = new(grid);
    private readonly Gauge _queue = new(grid);
    private readonly TimeSpan[] _used = new TimeSpan[grid.Count];
    private readonly TimeSpan[] _covered = new TimeSpan[grid.Count];
    private ProcessSampled? _last;

    public long? CapBytes { get; private set; }

    public long PeakBytes { get; private set; }

    public IReadOnlyList<double?> Resident => _resident.Values();

    public IReadOnlyList<double?> Proportional => _proportional.Values();

    public IReadOnlyList<double?> Queue => _queue.Values();

    /// <summary>In per cent of one core; null where no two samples of one process were taken.</summary>
    public IReadOnlyList<double?> Cpu =>
    [
        .. _used.Zip(_covered, (used, covered) => covered > TimeSpan.Zero ? Gauge.Round(100 * used / covered) : (double?)null),
    ];

    public void Apply(ProcessSampled sample)
    {
        _resident.Record(sample.At, sample.ResidentBytes / Megabyte);
        if (sample.ProportionalBytes is { } proportional)
            _proportional.Record(sample.At, proportional / Megabyte);
        if (sample.QueueDepth is { } depth)
            _queue.Record(sample.At, depth);
        if (_last is { } last && last.Pid == sample.Pid && sample.At > last.At)
        {
            var index = grid.IndexOf(sample.At);
            _used[index] += sample.Cpu - last.Cpu;
            _covered[index] += sample.At - last.At;
        }

        (CapBytes, PeakBytes, _last) = (sample.CapBytes ?? CapBytes, Math.Max(PeakBytes, sample.PeakBytes), sample);
    }

    public IReadOnlyList<double?> Cap =>
        [.. Enumerable.Repeat(CapBytes is { } cap ? Gauge.Round(cap / Megabyte) : (double?)null, grid.Count)];
}
