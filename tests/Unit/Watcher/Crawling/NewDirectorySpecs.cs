namespace Supervisor.Unit.Watcher.Crawling;

public sealed class NewDirectorySpecs : IAsyncLifetime
{
    private readonly WatchedTree _tree = new();
    private ModelParent _parent = null!;
    private RunningWatcher _watcher = null!;

    public async Task InitializeAsync()
    {
        _tree.Write("old/f", "old");
        _parent = new ModelParent(_tree.Root);
        _watcher = RunningWatcher.Start(_tree, _parent);
        await _watcher.FlushAsync();
    }

    [Fact]
    public async Task Files_written_right_after_their_directory_are_all_reported()
    {
        for (var i = 0; i < 500; i++)
            _tree.Write($"d{i}/f", "content");

        await AfterFlushTheParentKnowsTheDiskAsync();
    }

    [Fact]
    public async Task A_file_below_directories_created_at_once_is_reported()
    {
        for (var i = 0; i < 100; i++)
            _tree.Write($"{i}/b/c/d/e/f", "content");

        await AfterFlushTheParentKnowsTheDiskAsync();
    }

    [Fact]
    public async Task A_directory_moved_in_is_reported_with_its_contents_and_watched()
    {
        for (var i = 0; i < 20; i++)
        {
            Directory.CreateDirectory(Path.Combine(_tree.Outside, $"d/{i}"));
            await File.WriteAllTextAsync(Path.Combine(_tree.Outside, $"d/{i}/f"), "content");
        }

        Directory.Move(Path.Combine(_tree.Outside, "d"), _tree["d"]);
        await AfterFlushTheParentKnowsTheDiskAsync();
        _tree.Write("d/7/f", "changed");
        await AfterFlushTheParentKnowsTheDiskAsync();
    }

    [Fact]
    public async Task A_directory_moved_out_is_removed_and_later_changes_in_it_are_not_reported()
    {
        Directory.Move(_tree["old"], Path.Combine(_tree.Outside, "old"));
        _tree.Write("new", "content");
        await AfterFlushTheParentKnowsTheDiskAsync();
        _parent.Forget();

        await File.WriteAllTextAsync(Path.Combine(_tree.Outside, "old/f"), "changed outside");
        await _watcher.FlushAsync();

        _parent.Names.Should().BeEmpty();
    }

    [Fact]
    public async Task A_directory_renamed_is_reported_under_its_new_name_at_every_depth()
    {
        _tree.Write("old/deep/er/f", "content");
        await _watcher.FlushAsync();

        Directory.Move(_tree["old"], _tree["new"]);
        await AfterFlushTheParentKnowsTheDiskAsync();
        _tree.Write("new/deep/er/f", "changed");
        await AfterFlushTheParentKnowsTheDiskAsync();

        _parent.Names.Should().Contain(_tree["new/deep/er/f"]);
    }

    [Fact]
    public async Task A_directory_removed_and_recreated_is_watched_again()
    {
        for (var i = 0; i < 50; i++)
        {
            Directory.Delete(_tree["old"], recursive: true);
            _tree.Write("old/f", $"{i}");
        }

        await AfterFlushTheParentKnowsTheDiskAsync();
        _tree.Write("old/f", "changed");
        await AfterFlushTheParentKnowsTheDiskAsync();
    }

    [Fact]
    public async Task A_directory_may_become_a_file_and_a_file_a_directory()
    {
        Directory.Delete(_tree["old"], recursive: true);
        _tree.Write("old", "a file now");
        await AfterFlushTheParentKnowsTheDiskAsync();

        File.Delete(_tree["old"]);
        _tree.Write("old/f", "a directory again");
        await AfterFlushTheParentKnowsTheDiskAsync();
    }

    [Fact]
    public async Task A_folder_renamed_from_an_ignored_name_appears_and_one_renamed_to_it_is_removed()
    {
        _tree.Write("node_modules/deep/x.js", "1");
        await _watcher.FlushAsync();

        Directory.Move(_tree["node_modules"], _tree["lib"]);
        await _watcher.FlushAsync();
        _parent.Names.Should().Equal(_tree["lib/deep/x.js"]);

        _parent.Forget();
        Directory.Move(_tree["lib"], _tree["node_modules"]);
        _tree.Write("node_modules/deep/x.js", "2");
        await _watcher.FlushAsync();
        _parent.Names.Should().Equal(_tree["lib"]);
    }

    public async Task DisposeAsync()
    {
        await _watcher.DisposeAsync();
        _tree.Dispose();
    }

    private async Task AfterFlushTheParentKnowsTheDiskAsync()
    {
        await _watcher.FlushAsync();
        _parent.Model.Should().Equal(_tree.Read());
    }
}
