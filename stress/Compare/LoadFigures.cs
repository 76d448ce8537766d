namespace Supervisor.Stress.Compare;

/// <summary>The figures of a tool under load, computed from the samples. Pure.</summary>
/// <param name="Missed">Changes that no server had read within <see cref="Deadline"/> of the job's end.</param>
/// <param name="Late">Changes that were served only after the next change of the same service.</param>
/// <param name="Needless">Restarts whose new server serves exactly what the old one served.</param>
/// <param name="Outages">How long each series of failed requests to a busy service lasted.</param>
internal sealed record LoadFigures(
    int Changes, int Missed, int Late, IReadOnlyList<TimeSpan> Latencies, int Restarts, int Needless, IReadOnlyList<TimeSpan> Outages,
    UntouchedFigures Untouched)
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    public TimeSpan Downtime => Outages.Aggregate(TimeSpan.Zero, (sum, outage) => sum + outage);

    public static LoadFigures From(
        IReadOnlyList<Change> changes, IReadOnlyDictionary<string, IReadOnlyList<Sample>> samples, string untouched)
    {
        var served = changes.Select(change => Served(change, changes, samples[change.Service])).ToArray();
        var busy = samples.Where(service => service.Key != untouched).Select(service => service.Value).ToArray();
        return new LoadFigures(
            changes.Count,
            served.Count(one => one.Outcome == ChangeOutcome.Missed),
            served.Count(one => one.Outcome == ChangeOutcome.Late),
            [.. served.Where(one => one.Outcome != ChangeOutcome.Missed).Select(one => one.Latency)],
            busy.Sum(service => RestartsOf(service).Count()),
            busy.Sum(service => RestartsOf(service).Count(restart => restart.Old.Digest == restart.New.Digest)),
            [.. busy.SelectMany(OutagesOf)],
            UntouchedFigures.From(samples[untouched]));
    }

    /// <summary>Each time another process answers than before.</summary>
    internal static IEnumerable<(Answer Old, Answer New)> RestartsOf(IEnumerable<Sample> samples)
    {
        var answers = samples.Select(sample => sample.Answer).OfType<Answer>().ToArray();
        return answers.Zip(answers.Skip(1)).Where(pair => pair.First.Pid != pair.Second.Pid);
    }

    /// <summary>From the first request that failed until the next that was answered, or to the last sample.</summary>
    internal static IEnumerable<TimeSpan> OutagesOf(IReadOnlyList<Sample> samples)
    {
        TimeSpan? down = null;
        foreach (var sample in samples)
        {
            if (sample.Answer is null)
            {
                down ??= sample.Sent;
            }
            else if (down is { } since)
            {
                yield return sample.Done - since;
                down = null;
            }
        }

        if (down is { } still)
            yield return samples[^1].Done - still;
    }

    private static (ChangeOutcome Outcome, TimeSpan Latency) Served(Change change, IReadOnlyList<Change> changes, IReadOnlyList<Sample> samples)
    {
        // A server that has read a later content has read this one too.
        var later = changes.Where(other => other.Service == change.Service && other.At > change.At).ToArray();
        var good = later.Select(other => other.Digest).Append(change.Digest).ToHashSet(StringComparer.Ordinal);
        var first = samples.FirstOrDefault(
            sample => sample.Done >= change.At && sample.Answer is { } answer && good.Contains(answer.Digest));
        if (first is null || first.Done - change.At > Deadline)
            return (ChangeOutcome.Missed, Deadline);

        var superseded = later.Length > 0 && first.Done > later.Min(other => other.At);
        return (superseded ? ChangeOutcome.Late : ChangeOutcome.Served, first.Done - change.At);
    }

    private enum ChangeOutcome
    {
        Served,
        Late,
        Missed,
    }
}

/// <summary>The service that no job touches: every failure and restart counts against the tool.</summary>
internal sealed record UntouchedFigures(int Requests, int Failed, int Restarts)
{
    public static UntouchedFigures From(IReadOnlyList<Sample> samples) => new(
        samples.Count, samples.Count(sample => sample.Answer is null), LoadFigures.RestartsOf(samples).Count());
}
