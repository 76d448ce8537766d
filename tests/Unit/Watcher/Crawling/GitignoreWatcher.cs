namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>A watcher that heeds git's rules, and what it has heard.</summary>
internal static class GitignoreWatcher
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static RunningWatcher Start(this WatchedTree tree, ModelParent parent, string? root = null, string? include = null) =>
        RunningWatcher.Start(tree, parent, with: hello => hello with
        {
            Settings = hello.Settings with { Gitignore = true },
            Subscriptions =
            [
                hello.Subscriptions[0] with
                {
                    Watch = hello.Subscriptions[0].Watch with { Paths = [root ?? tree.Root], Include = include is null ? [] : [include] },
                },
            ],
        });

    /// <summary>Once everything that has happened until now has been heard of: what an edit changes from now on is told from it.</summary>
    public static async Task CaughtUpAsync(this ModelParent parent)
    {
        var now = DateTimeOffset.UtcNow;
        using var patience = new CancellationTokenSource(Patience);

        while (!parent.Beats.Any(beat => beat.ToldUntil > now && beat.ToldUntil < now.AddHours(1)))
            await Task.Delay(20, patience.Token);
    }

    /// <summary>Of the next heartbeat.</summary>
    public static async Task<int> DirectoriesAsync(this ModelParent parent)
    {
        var seen = parent.Beats.Count;
        using var patience = new CancellationTokenSource(Patience);

        while (parent.Beats.Count == seen)
            await Task.Delay(20, patience.Token);

        return parent.Beats.Last().Directories;
    }
}
