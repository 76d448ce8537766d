namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>A watched tree, and folders beside it that links lead to. Disposing removes all of it.</summary>
public abstract class LinkedTree : IDisposable
{
    private protected LinkedTree()
    {
        Outside("shared/f", "one");
        Outside("v1/f", "of v1");
        Outside("v2/f", "of v2");
    }

    private protected WatchedTree Tree { get; } = new();

    public void Dispose()
    {
        Tree.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task<(ModelParent Parent, RunningWatcher Watcher)> StartAsync(WatchBackend backend = WatchBackend.Auto, string? include = null, string? ignore = null)
    {
        var parent = new ModelParent(Tree.Root + "/nothing");
        var subscription = RunningWatcher.Subscribe("web", Tree.Root);
        var watch = subscription.Watch with { Include = include is null ? [] : [include], Ignore = ignore is null ? [] : [ignore] };
        var watcher = RunningWatcher.Start(Tree, parent, with: hello => hello with
        {
            Settings = hello.Settings with { Backend = backend },
            Subscriptions = [subscription with { Watch = watch }],
        });

        await watcher.FlushAsync();
        return (parent, watcher);
    }

    private protected void Outside(string name, string content)
    {
        var path = Path.Combine(Tree.Outside, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    private protected void Link(string name, string target) => File.CreateSymbolicLink(Tree[name], target);

    /// <summary>As <c>ln -sfn</c> does.</summary>
    private protected void Point(string name, string target)
    {
        // .NET moves no link to a folder.
        Link(name + ".new", target);
        Tree.Run("mv", "-fT", name + ".new", name);
    }
}
