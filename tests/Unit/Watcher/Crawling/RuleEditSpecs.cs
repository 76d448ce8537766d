namespace Supervisor.Unit.Watcher.Crawling;

/// <summary>Ignore rules that change while the watcher runs, or while none does.</summary>
public sealed class RuleEditSpecs : IDisposable
{
    private readonly WatchedTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task A_directory_that_is_no_longer_ignored_is_added_without_a_change_and_then_watched()
    {
        _tree.Write(".gitignore", "gen/\n*.out\n");
        _tree.Write("gen/deep/a.py", "1");
        _tree.Write("run.out", "1");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = _tree.Start(parent, include: "*.{py,out}");
        _tree.Write("gen/deep/b.py", "1");
        await parent.CaughtUpAsync();

        _tree.Write(".gitignore", "*.log\n");
        await watcher.FlushAsync();
        parent.Names.Should().BeEmpty("what changed before the edit was none of ours");
        parent.Beats.Last().Resyncs!.Rules.Should().Be(1);

        _tree.Write("gen/deep/b.py", "2");
        _tree.Write("run.out", "2");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(_tree["gen/deep/b.py"], _tree["run.out"]);
    }

    [Fact]
    public async Task A_change_after_an_unignore_is_reported_even_before_the_rule_edit_is_noticed()
    {
        _tree.Write(".gitignore", "gen/\n");
        _tree.Write("gen/a.py", "1");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = _tree.Start(parent, include: "*.py");
        await parent.CaughtUpAsync();

        File.Delete(_tree[".gitignore"]);
        _tree.Write("gen/b.py", "2");
        await watcher.FlushAsync();

        parent.Names.Should().Contain(_tree["gen/b.py"]);
    }

    [Fact]
    public async Task A_directory_that_becomes_ignored_reports_no_change_and_is_no_longer_watched()
    {
        _tree.Write("gen/deep/a.py", "1");
        _tree.Write("run.out", "1");
        _tree.Write("src/a.py", "1");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = _tree.Start(parent, include: "*.{py,out}");
        await watcher.FlushAsync();

        _tree.Write("new.gitignore", "gen\n*.out\n");
        File.Move(_tree["new.gitignore"], _tree[".gitignore"]);
        await watcher.FlushAsync();
        (await parent.DirectoriesAsync()).Should().Be(3, "gen and gen/deep are no longer among them");

        _tree.Write("gen/deep/a.py", "2");
        _tree.Write("run.out", "2");
        _tree.Write("src/a.py", "2");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(_tree["src/a.py"]);
        parent.Beats.Last().Files.Should().Be(1);
    }

    [Fact]
    public async Task The_exclude_file_of_the_repository_counts_from_the_next_flush_on()
    {
        _tree.Write(".git/info/exclude", "");
        _tree.Write("a.py", "1");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = _tree.Start(parent);
        await watcher.FlushAsync();

        _tree.Write(".git/info/exclude", "a.py\n");
        await watcher.FlushAsync();
        _tree.Write("a.py", "2");
        await watcher.FlushAsync();
        parent.Names.Should().BeEmpty();

        _tree.Write(".git/info/exclude", "b.py\n");
        await watcher.FlushAsync();
        parent.Forget();
        _tree.Write("a.py", "3");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(_tree["a.py"]);
    }

    [Fact]
    public async Task A_checkout_that_changes_rules_and_files_reports_every_file_wanted_before_and_after()
    {
        _tree.Write(".gitignore", "gen/\n");
        _tree.Write("gen/a.py", "1");
        _tree.Write("src/a.py", "1");
        _tree.Write("src/gone.py", "1");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = _tree.Start(parent, include: "*.py");
        await parent.CaughtUpAsync();

        _tree.Write(".gitignore", "other/\n");
        _tree.Write("src/a.py", "2");
        _tree.Write("src/new/b.py", "2");
        File.Delete(_tree["src/gone.py"]);
        await watcher.FlushAsync();

        parent.Names.Should().BeEquivalentTo(_tree["src/a.py"], _tree["src/new/b.py"], _tree["src/gone.py"]);
    }

    [Fact]
    public async Task A_path_that_became_ignored_stays_out_after_the_watcher_s_death()
    {
        _tree.Write("gen/a.py", "1");
        _tree.Write("b.py", "1");
        var parent = new ModelParent(_tree.Root);

        await using (var first = _tree.Start(parent, include: "*.py"))
        {
            await first.FlushAsync();
            _tree.Write("b.py", "2");
            await first.FlushAsync();
            _tree.Write(".gitignore", "gen/\n");
            await first.FlushAsync();
        }

        parent.Forget();
        _tree.Write("gen/a.py", "2");
        await using var second = _tree.Start(parent, include: "*.py");
        await second.FlushAsync();
        parent.Names.Should().BeEmpty();
    }

    [Fact]
    public async Task A_path_added_by_new_rules_is_no_change_for_the_next_watcher()
    {
        _tree.Write(".gitignore", "gen/\n");
        _tree.Write("gen/a.py", "1");
        _tree.Write("b.py", "1");
        var parent = new ModelParent(_tree.Root);

        await using (var first = _tree.Start(parent, include: "*.py"))
        {
            await parent.CaughtUpAsync();
            File.Delete(_tree[".gitignore"]);
            await first.FlushAsync();
            parent.Names.Should().BeEmpty();
        }

        _tree.Write("b.py", "2");
        await using var second = _tree.Start(parent, include: "*.py");
        await second.FlushAsync();
        parent.Names.Should().Equal(_tree["b.py"]);
    }

    [Fact]
    public async Task Rules_that_change_while_no_watcher_runs_lose_nothing()
    {
        _tree.Write(".gitignore", "gen/\n");
        _tree.Write("gen/a.py", "1");
        _tree.Write("old/b.py", "1");
        _tree.Write("c.py", "1");
        var parent = new ModelParent(_tree.Root);

        await using (var first = _tree.Start(parent, include: "*.py"))
            await first.FlushAsync();

        _tree.Write(".gitignore", "old/\n");
        _tree.Write("gen/a.py", "2");
        _tree.Write("old/b.py", "2");
        _tree.Write("c.py", "2");
        await using var second = _tree.Start(parent, include: "*.py");
        await second.FlushAsync();

        parent.Names.Should().BeEquivalentTo(_tree["gen/a.py"], _tree["c.py"]);
        parent.Beats.Last().Files.Should().Be(2);
    }

    [Fact]
    public async Task A_project_file_that_appears_makes_its_tool_s_output_no_source()
    {
        _tree.Write("target/debug/a.rs", "1");
        _tree.Write("src/main.rs", "1");
        var parent = new ModelParent(_tree.Root);
        await using var watcher = _tree.Start(parent, include: "*.rs");
        await watcher.FlushAsync();

        _tree.Write("Cargo.toml", "[package]");
        await watcher.FlushAsync();
        _tree.Write("target/debug/a.rs", "2");
        _tree.Write("src/main.rs", "2");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(_tree["src/main.rs"]);

        File.Delete(_tree["Cargo.toml"]);
        await watcher.FlushAsync();
        parent.Forget();
        _tree.Write("target/debug/a.rs", "3");
        await watcher.FlushAsync();
        parent.Names.Should().Equal(_tree["target/debug/a.rs"]);
    }
}
