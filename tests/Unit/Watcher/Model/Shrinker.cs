using System.Diagnostics;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>
/// Makes a failing history small by playing it again with steps left out (delta debugging): first large pieces, then smaller ones, down to single steps. What is
/// left fails, and each piece of it that was tried is needed for that. Races need luck: a candidate is played some times before it counts as sound.
/// </summary>
/// <param name="tries">How often a candidate is played at most.</param>
internal sealed class Shrinker(Func<History, Task<HistoryResult>> play, int tries, TimeSpan budget)
{
    private readonly Stopwatch _spent = Stopwatch.StartNew();

    public async Task<History> ShrinkAsync(History failing)
    {
        // What comes after the step that failed did not matter.
        var smallest = await FailsAsync(failing) is { } outcome ? Without(failing, outcome.Steps + 1, failing.Steps.Count) : failing;

        for (var piece = Math.Max(1, smallest.Steps.Count / 2); ; piece = Math.Max(1, piece / 2))
        {
            var before = smallest.Steps.Count;
            smallest = await WithoutPiecesAsync(smallest, piece);

            if (_spent.Elapsed > budget || (piece == 1 && smallest.Steps.Count == before))
                return smallest;
        }
    }

    private async Task<History> WithoutPiecesAsync(History smallest, int piece)
    {
        // From the end: what is late depends on what is early.
        for (var from = smallest.Steps.Count - piece; from > -piece && _spent.Elapsed < budget; from -= piece)
        {
            var candidate = Without(smallest, Math.Max(0, from), from + piece);

            if (await FailsAsync(candidate) is not null)
                smallest = candidate;
        }

        return smallest;
    }

    private async Task<HistoryResult?> FailsAsync(History candidate)
    {
        for (var i = 0; i < tries; i++)
        {
            if (await play(candidate) is { Failure: not null } outcome)
                return outcome;
        }

        return null;
    }

    private static History Without(History history, int from, int to) =>
        history with { Steps = [.. history.Steps.Take(from), .. history.Steps.Skip(to)] };
}
