namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>Checkouts inside a watched folder: clones and worktrees are left out, submodules are not.</summary>
public sealed class CheckoutSpecs : IDisposable
{
    private readonly WatchedTree _tree = new();

    public CheckoutSpecs()
    {
        _tree.Write(".git/HEAD", "ref: refs/heads/main\n");
        _tree.Write("a.py", "1");
    }

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_worktree_and_a_clone_are_neither_reported_nor_watched(bool gitignore)
    {
        _tree.Write(".worktrees/a/.git", $"gitdir: {_tree[".git/worktrees/a"]}\n");
        _tree.Write(".worktrees/a/deep/a.py", "1");
        _tree.Write("clone/.git/HEAD", "");
        _tree.Write("clone/deep/a.py", "1");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = Start(parent, gitignore, _tree.Root);
        await watcher.FlushAsync();
        (await parent.DirectoriesAsync()).Should().Be(5, "the root, its parent, .worktrees, and each checkout for the sake of its .git");
        parent.Beats.Last().Files.Should().Be(1);

        SaveIn(".worktrees/a", ".worktrees/a/deep", "clone", "clone/deep", "clone/new", ".worktrees/b", ".");
        await watcher.FlushAsync();
        parent.Names.Should().BeEquivalentTo(_tree["saved.py"], _tree[".worktrees/b/saved.py"]);
    }

    [Theory]
    [InlineData(true, WatchBackend.Auto)]
    [InlineData(false, WatchBackend.Auto)]
    [InlineData(true, WatchBackend.Poll)]
    [InlineData(true, WatchBackend.Native)]
    public async Task A_folder_that_becomes_a_checkout_is_left_without_a_deletion_and_entered_again_when_it_is_none(bool gitignore, WatchBackend backend)
    {
        _tree.Write("lib/deep/a.py", "1");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = Start(parent, gitignore, backend, _tree.Root);
        await watcher.FlushAsync();

        _tree.Write("lib/.git/HEAD", "");
        await watcher.FlushAsync();
        (await parent.DirectoriesAsync()).Should().Be(3, "lib/deep is no longer among them");
        SaveIn("lib", "lib/deep");
        await watcher.FlushAsync();
        parent.Names.Should().BeEmpty();
        parent.Beats.Last().Files.Should().Be(1);
        await parent.CaughtUpAsync();

        Directory.Delete(_tree["lib/.git"], recursive: true);
        await watcher.FlushAsync();
        parent.Names.Should().BeEmpty("what was changed in the checkout is taken in as it is");
        _tree.Write("lib/deep/a.py", "3");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(_tree["lib/deep/a.py"]);
    }

    [Fact]
    public async Task A_clone_made_while_the_watcher_runs_is_never_reported()
    {
        var parent = new ModelParent(_tree.Root);
        await using var watcher = Start(parent, gitignore: true, _tree.Root);
        await watcher.FlushAsync();

        for (var i = 0; i < 4; i++)
        {
            Directory.CreateDirectory(_tree[$"clone{i}"]);

            if (i % 2 == 0)
                await watcher.FlushAsync();

            Directory.CreateDirectory(_tree[$"clone{i}/.git"]);
            SaveIn($"clone{i}", $"clone{i}/deep");
        }

        _tree.Write("a.py", "2");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(_tree["a.py"]);
    }

    [Fact]
    public async Task Submodules_are_watched_in_every_form()
    {
        _tree.Write("new/.git", "gitdir: ../.git/modules/new\n");
        _tree.Write("old/.git/HEAD", "");
        _tree.Write("later/.git/HEAD", "");
        _tree.Write(".gitmodules", "[submodule \"old\"]\n\tpath = old\n\turl = ../old\n");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = Start(parent, gitignore: true, _tree.Root);
        await watcher.FlushAsync();

        SaveIn("new", "old", "later");
        await watcher.FlushAsync();
        parent.Names.Should().BeEquivalentTo(_tree["new/saved.py"], _tree["old/saved.py"]);
        await parent.CaughtUpAsync();

        File.AppendAllText(_tree[".gitmodules"], "[submodule \"x\"]\n\tpath = later\n");
        await watcher.FlushAsync();
        parent.Forget();
        SaveIn("later/deep");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(_tree["later/deep/saved.py"]);
    }

    [Fact]
    public async Task A_watch_path_that_is_a_checkout_or_lies_in_one_is_watched_and_the_rest_is_not()
    {
        foreach (var checkout in new[] { "named", "around" })
        {
            _tree.Write($"{checkout}/.git/HEAD", "");
            _tree.Write($"{checkout}/src/app/a.py", "1");
        }

        var parent = new ModelParent(_tree.Root);
        await using var watcher = Start(parent, gitignore: true, _tree.Root, _tree["named"], _tree["around/src/app"]);
        await watcher.FlushAsync();

        SaveIn("named", "named/src/app", "around", "around/src", "around/src/app", "around/src/app/new");
        await watcher.FlushAsync();
        parent.Names.Should().BeEquivalentTo(
            _tree["named/saved.py"], _tree["named/src/app/saved.py"], _tree["around/src/app/saved.py"], _tree["around/src/app/new/saved.py"]);
    }

    [Fact]
    public async Task A_watch_path_deep_in_a_folder_that_becomes_a_checkout_stays_watched()
    {
        _tree.Write("around/x/src/app/a.py", "1");
        _tree.Write("around/x/b.py", "1");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = Start(parent, gitignore: true, _tree.Root, _tree["around/x/src/app"]);
        await watcher.FlushAsync();

        _tree.Write("around/.git/HEAD", "");
        await watcher.FlushAsync();
        await watcher.FlushAsync();
        parent.Names.Should().BeEmpty();
        SaveIn("around/x", "around/x/src/app");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(_tree["around/x/src/app/saved.py"]);
    }

    [Fact]
    public async Task A_folder_that_became_a_checkout_while_no_watcher_ran_is_left_without_a_deletion()
    {
        _tree.Write("lib/deep/a.py", "1");
        var parent = new ModelParent(_tree.Root);

        await using (var first = Start(parent, gitignore: true, _tree.Root))
            await first.FlushAsync();

        _tree.Write("lib/.git/HEAD", "");
        SaveIn("lib/deep", ".");
        File.Delete(_tree["lib/deep/a.py"]);
        await using var second = Start(parent, gitignore: true, _tree.Root);
        await second.FlushAsync();

        parent.Names.Should().Equal(_tree["saved.py"]);
        parent.Beats.Last().Files.Should().Be(2);
    }

    [Fact]
    public async Task What_git_does_in_a_clone_holds_back_no_change_outside_it()
    {
        _tree.Write("clone/.git/index.lock", "");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = Start(parent, gitignore: true, _tree.Root);
        var began = DateTime.UtcNow;
        await watcher.FlushAsync();

        SaveIn(".");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(_tree["saved.py"]);
        (DateTime.UtcNow - began).Should().BeLessThan(TimeSpan.FromSeconds(10), "a lock holds for 10 s from the first look at it");
    }

    private RunningWatcher Start(ModelParent parent, bool gitignore, params string[] paths) => Start(parent, gitignore, WatchBackend.Auto, paths);

    private RunningWatcher Start(ModelParent parent, bool gitignore, WatchBackend backend, params string[] paths) => RunningWatcher.Start(_tree, parent, with: hello => hello with
    {
        Settings = hello.Settings with { Gitignore = gitignore, Backend = backend },
        Subscriptions = [.. paths.Select((path, index) => hello.Subscriptions[0] with
        {
            Service = $"s{index}", Watch = hello.Subscriptions[0].Watch with { Paths = [path], Include = ["*.py"] },
        })],
    });

    private void SaveIn(params string[] folders)
    {
        foreach (var folder in folders)
            _tree.Write(Path.GetRelativePath(_tree.Root, Path.GetFullPath(_tree[$"{folder}/saved.py"])), Guid.NewGuid().ToString());
    }
}
