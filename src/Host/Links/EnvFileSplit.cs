namespace Supervisor.Host.Links;

/// <summary>Divides a change between the service's env files and its watched files. An env file counts as such even where a watch path holds it. Pure.</summary>
/// <param name="EnvFiles">Absolute; those that may have changed.</param>
/// <param name="Others">null: no watched file has changed.</param>
internal sealed record EnvFileSplit(IReadOnlyList<string> EnvFiles, ChangeOrder? Others)
{
    /// <param name="isWatched">The service watches other files too.</param>
    public static EnvFileSplit Of(ChangeOrder order, IReadOnlyList<string> envFiles, bool isWatched)
    {
        if (envFiles.Count == 0)
            return new EnvFileSplit([], order);

        // Where the watcher does not name every file, each env file may be among them.
        string[] concerned = order.LostTrack || order.More > 0 ? [.. envFiles] : [.. envFiles.Where(file => order.Files.Any(named => IsOrHolds(named, file)))];
        var others = order with { Files = [.. order.Files.Except(envFiles, StringComparer.Ordinal)] };
        return new EnvFileSplit(concerned, isWatched && (others.Files.Count > 0 || others.More > 0 || others.LostTrack) ? others : null);
    }

    /// <summary>A removed folder stands for its files.</summary>
    private static bool IsOrHolds(string named, string file) =>
        file.StartsWith(named, StringComparison.Ordinal) && (file.Length == named.Length || file[named.Length] == '/');
}
