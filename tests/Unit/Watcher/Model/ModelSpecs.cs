using Xunit.Abstractions;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>
/// Hostile histories against the watcher, with every fault that a test can cause: once all is quiet, the delivered state equals the disk. A failed run prints its
/// seed and the history, shrunk to the steps that matter. For long runs, by environment variables: MODEL_SEED is the first seed, MODEL_OPERATIONS how many acts of file
/// work at least (a tenth of it against the executable), MODEL_REPLAY a file with a printed history, which then is the only one: it is played until it fails or there
/// were as many.
/// </summary>
public sealed class ModelSpecs(ITestOutputHelper output)
{
    private static readonly TimeSpan ShrinkTimeout = TimeSpan.FromSeconds(60);

    [Fact]
    public Task Nothing_is_lost_when_the_loop_is_cancelled_between_iterations() =>
        RunAsync(new ModelRun(InProcessWatcher.StartAsync, ModelEnvironment.Seeds(known: 1), ModelEnvironment.Operations(20_000), atOnce: 3));

    [Fact]
    public Task Nothing_is_lost_when_the_process_is_killed_at_any_moment() =>
        RunAsync(new ModelRun(WatcherProcess.From(WatcherProcess.Executable), ModelEnvironment.Seeds(known: 2), ModelEnvironment.Operations(20_000) / 10, atOnce: 2));

    /// <summary>As printed when they failed, played often enough to fail again.</summary>
    [Theory]
    [InlineData("""
        Metadata 1 False True
        RecreateTree tree/b b 134
        SwapSymlink tree/d.py b 160
        EditIgnores tree ~ 174
        """)] // A link to a folder, seen before a rule ignored its name, stayed in the log.
    public async Task A_history_that_has_failed_once_holds(string printed)
    {
        var history = History.Parse(printed);

        for (var time = 0; time < 20; time++)
            (await HistoryRunner.PlayAsync(history, InProcessWatcher.StartAsync, ParentDefect.None)).Failure.Should().BeNull();
    }

    private async Task RunAsync(ModelRun run)
    {
        var result = await run.RunAsync();
        output.WriteLine(result.ToString());
        Console.WriteLine(result);

        if (result.Failed is not { } failed)
            return;

        var smallest = await new Shrinker(run.PlayAsync, tries: 5, ShrinkTimeout).ShrinkAsync(failed.History);
        Assert.Fail($"{result}\n{failed.Failure}\nshrunk to {smallest.Steps.Count} steps:\n{smallest}");
    }
}
