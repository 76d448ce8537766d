namespace Supervisor.Cli.Rendering;

/// <summary>The difference between the running configuration and the file, for people. Pure.</summary>
internal static class DifferenceText
{
    /// <summary>Everything in one line: <c>+ late, ~ aspnet (command), - old, redis and 6 others untouched</c>.</summary>
    public static string Line(ConfigurationDifference difference)
    {
        string[] changes =
        [
            .. difference.Added.Select(service => $"+ {service}"),
            .. difference.Changed.Select(change => $"~ {change.Service} ({string.Join(", ", change.Keys)}{(change.Restarts ? "" : ", without a restart")})"),
            .. difference.Settings.Select(key => $"~ {key}"),
            .. difference.Removed.Select(service => $"- {service}"),
        ];

        return string.Join(", ", [.. changes.DefaultIfEmpty("nothing changed"), .. Untouched(difference)]);
    }

    /// <summary>What to say about an edited file that is not applied.</summary>
    /// <param name="file">The configuration file.</param>
    public static string Of(ConfigurationChange change, string file) => $"{Path.GetFileName(file)} changed" + (change.Difference is { } difference
        ? $": {Line(difference)}; \"supervisor reload\" applies it"
        : $" and has {Wording.Count(change.Mistakes.Count, "mistake")}: {string.Join("; ", change.Mistakes)}; the tree runs what it was before");

    /// <summary>One line for each change, with what a reload does about it.</summary>
    public static IEnumerable<string> Lines(ConfigurationDifference difference) =>
    [
        .. difference.Added.Select(service => $"+ {service}: starts"),
        .. difference.Changed.Select(change => $"~ {change.Service}: {(change.Restarts ? "restarts" : "no restart")} ({string.Join(", ", change.Keys)})"),
        .. difference.Settings.Select(key => $"~ {key}: {(IsOfWatcher(key) ? "a new watcher takes over; no server restarts" : "no restart")}"),
        .. difference.Removed.Select(service => $"- {service}: stops"),
        .. difference.IsEmpty ? ["nothing changed"] : Array.Empty<string>(),
        .. Untouched(difference).Select(text => $"  {text}"),
    ];

    private static bool IsOfWatcher(string key) => key.StartsWith("watcher.", StringComparison.Ordinal);

    private static IEnumerable<string> Untouched(ConfigurationDifference difference) => difference.Untouched switch
    {
        [] => [],
        [var only] => [$"{only} untouched"],
        [var one, var two] => [$"{one} and {two} untouched"],
        { Count: var count } all => [$"{all[0]} and {count - 1} others untouched"],
    };
}
