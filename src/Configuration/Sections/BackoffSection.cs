using Supervisor.Configuration.Values;

namespace Supervisor.Configuration.Sections;

/// <summary><c>backoff</c>: the delay before the first recovery and the longest one.</summary>
internal static class BackoffSection
{
    private static readonly Func<string, Parsed<TimeSpan>> Range = Duration.Between(TimeSpan.Zero, TimeSpan.FromHours(1));

    public static BackoffSpec Read(SectionReader parent, TimeSpan initial, TimeSpan max)
    {
        var section = parent.Child("backoff", Keys.Backoff);
        var first = section.Value("initial", Range, initial);

        // A longer initial delay alone raises the default maximum, so that the user need not write both.
        var longest = section.Value("max", Range, max > first ? max : first);

        if (longest < first)
            section.Mistakes.AddWrong(section.Node("max")!, $"must not be less than \"initial\" ({Duration.Text(first)})");

        return new BackoffSpec(first, longest);
    }
}
