
namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>Ignore rules that lie in the tree: what they leave out.</summary>
public sealed class RuleSpecs : IDisposable
{
    private readonly WatchedTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task Paths_that_git_ignores_are_neither_reported_nor_watched()
    {
        _tree.Write(".gitignore", "gen/\n*.out\n!keep.out\n");
        _tree.Write("gen/deep/a.py", "1");
        _tree.Write("src/.gitignore", "/local.py\n");
        _tree.Write("src/views.py", "1");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = _tree.Start(parent);
        await watcher.FlushAsync();

        _tree.Write("gen/deep/a.py", "2");
        _tree.Write("run.out", "2");
        _tree.Write("src/local.py", "2");
        _tree.Write("keep.out", "2");
        _tree.Write("src/views.py", "2");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["keep.out"], _tree["src/views.py"]);
        (await parent.DirectoriesAsync()).Should().Be(3, "the root, its parent and src are watched");
    }

    [Fact]
    public async Task The_repository_that_the_watch_path_lies_in_has_rules_for_it_but_never_ignores_the_path_itself()
    {
        _tree.Write("repo/.git/HEAD", "ref: refs/heads/main\n");
        _tree.Write("repo/.git/info/exclude", "*.private\n");
        _tree.Write("repo/.gitignore", "app/\n*.gen\n");
        _tree.Write("repo/app/a.py", "1");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = _tree.Start(parent, _tree["repo/app"]);
        await watcher.FlushAsync();

        _tree.Write("repo/app/a.py", "2");
        _tree.Write("repo/app/b.gen", "2");
        _tree.Write("repo/app/c.private", "2");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["repo/app/a.py"]);
    }

    [Fact]
    public async Task In_a_worktree_the_main_repository_s_exclude_counts()
    {
        _tree.Write("main/.git/info/exclude", "*.private\n");
        _tree.Write("main/.git/worktrees/side/commondir", "../..\n");
        _tree.Write("side/.git", $"gitdir: {_tree["main/.git/worktrees/side"]}\n");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = _tree.Start(parent, _tree["side"]);
        await watcher.FlushAsync();

        _tree.Write("side/a.private", "2");
        _tree.Write("side/a.py", "2");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["side/a.py"]);
    }

    [Fact]
    public async Task A_submodule_uses_its_own_rules_alone()
    {
        _tree.Write(".git/HEAD", "");
        _tree.Write(".gitignore", "*.gen\n");
        _tree.Write("sub/.git", "gitdir: ../.git/modules/sub\n");
        _tree.Write(".git/modules/sub/info/exclude", "*.local\n");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = _tree.Start(parent);
        await watcher.FlushAsync();

        _tree.Write("a.gen", "2");
        _tree.Write("sub/a.local", "2");
        _tree.Write("sub/b.gen", "2");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["sub/b.gen"]);
    }

    [Fact]
    public async Task An_ignored_directory_that_is_renamed_is_new_and_gone_again_when_it_is_renamed_back()
    {
        _tree.Write(".gitignore", "gen/\n");
        _tree.Write("gen/deep/a.py", "1");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = _tree.Start(parent, include: "*.py");
        await watcher.FlushAsync();

        Directory.Move(_tree["gen"], _tree["src"]);
        await watcher.FlushAsync();
        parent.Names.Should().Equal(_tree["src/deep/a.py"]);
        parent.Forget();

        Directory.Move(_tree["src"], _tree["gen"]);
        await watcher.FlushAsync();
        parent.Names.Should().Equal(_tree["src"]);
        parent.Beats.Last().Files.Should().Be(0);
    }

    [Fact]
    public async Task A_tracked_file_is_ignored_too_if_a_rule_matches()
    {
        _tree.Run("git", "init", "-q");
        _tree.Write("settings.local", "1");
        _tree.Write("empty/.gitignore", "");
        Directory.CreateDirectory(_tree["odd/.gitignore"]);
        _tree.Run("git", "add", "-f", "settings.local");
        _tree.Write(".gitignore", "*.local\n");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = _tree.Start(parent);
        await watcher.FlushAsync();

        _tree.Write("settings.local", "2");
        _tree.Write("empty/a.py", "2");
        _tree.Write("odd/a.py", "2");
        await watcher.FlushAsync();

        parent.Names.Should().Equal(_tree["empty/a.py"], _tree["odd/a.py"]);
    }

    [Fact]
    public async Task A_directory_too_large_for_one_listing_has_its_rules_loaded_before_its_entries_are_filtered()
    {
        for (var i = 0; i < 3_000; i++)
            _tree.Write($"file-with-a-long-name-{i}.out", "1");

        _tree.Write("gen/a.py", "1");
        _tree.Write(".gitignore", "gen/\n*.out\n");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = _tree.Start(parent);
        await watcher.FlushAsync();

        parent.Beats.Last().Files.Should().Be(1, "of all of them only the rules themselves are wanted");
        parent.Beats.Last().Resyncs.Should().Be(ResyncCounts.None);
    }
}
