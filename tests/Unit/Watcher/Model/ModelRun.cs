using System.Diagnostics;
using System.Globalization;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>What the environment asks of the model, for runs longer than a build's.</summary>
internal static class ModelEnvironment
{
    /// <summary>A file with a printed history, to be played again and again: what depends on a race fails once in a thousand times.</summary>
    public static string? Replay => Environment.GetEnvironmentVariable("MODEL_REPLAY");

    public static int Operations(int otherwise) => Number("MODEL_OPERATIONS") ?? otherwise;

    /// <summary>A search for what no run has found yet.</summary>
    public static bool IsSearch => Number("MODEL_OPERATIONS") is not null;

    /// <summary>How often the rounds of flushes are played.</summary>
    public static int Flushes => Number("MODEL_FLUSHES") ?? 1;

    /// <summary>Endless: the requested seed and those after it; else a known one, a random one and those after it.</summary>
    public static IEnumerable<int> Seeds(int known)
    {
        var wished = Number("MODEL_SEED");
        var fresh = wished ?? Random.Shared.Next(1_000_000, int.MaxValue / 2);
        return Enumerable.Range(0, int.MaxValue / 2).Select(n => wished is null && n == 0 ? known : fresh + n);
    }

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var wished) ? wished : null;
}

/// <param name="Seed">0: of a replay.</param>
internal sealed record FailedHistory(int Seed, History History, string Failure);

/// <summary>How a run went.</summary>
/// <param name="Seeds">First and last.</param>
internal sealed record ModelRunResult(
    (int First, int Last) Seeds, int Histories, int Operations, int Deaths, int Checks, TimeSpan Took, FailedHistory? Failed)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Histories} histories, seeds {Seeds.First} … {Seeds.Last}: {Operations} operations, {Deaths} deaths, {Checks} checks, {Took.TotalSeconds:0} s, "
            + $"{(Failed is null ? "nothing lost" : $"seed {Failed.Seed} failed")}");
}

/// <summary>Plays histories, some at once since they mostly wait, until there were so many operations, or one failed.</summary>
internal sealed class ModelRun(StartWatcher start, IEnumerable<int> seeds, int operations, int atOnce, ParentDefect defect = ParentDefect.None)
{
    // Long enough for some deaths each, short enough to be shrunk.
    private const int Steps = 400;

    private readonly Lock _lock = new();
    private readonly History? _replayed = ModelEnvironment.Replay is { } file ? History.Parse(File.ReadAllText(file)) : null;
    private readonly Stopwatch _took = Stopwatch.StartNew();
    private readonly IEnumerator<int> _seeds = seeds.GetEnumerator();
    private (int First, int Last)? _played;
    private int _histories;
    private int _operations;
    private int _deaths;
    private int _checks;
    private FailedHistory? _failed;

    public async Task<ModelRunResult> RunAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(PlayOnAsync)));

        return new ModelRunResult(_played ?? (0, 0), _histories, _operations, _deaths, _checks, _took.Elapsed, _failed);
    }

    public Task<HistoryResult> PlayAsync(History history) => HistoryRunner.PlayAsync(history, start, defect);

    private async Task PlayOnAsync()
    {
        while (NextSeed() is { } seed)
            await PlayAsync(seed, _replayed ?? HistoryGenerator.Make(seed, Steps));
    }

    private int? NextSeed()
    {
        lock (_lock)
        {
            if (_operations >= operations || _failed is not null || !_seeds.MoveNext())
                return null;

            _played = (_played?.First ?? _seeds.Current, _seeds.Current);
            return _seeds.Current;
        }
    }

    private async Task PlayAsync(int seed, History history)
    {
        var outcome = await PlayAsync(history);

        lock (_lock)
        {
            _histories++;
            _operations += outcome.Operations;
            _deaths += outcome.Deaths;
            _checks += outcome.Checks;

            if (outcome.Failure is { } failure)
                _failed ??= new FailedHistory(seed, history, failure);
        }
    }
}
