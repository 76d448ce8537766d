using System.Text;
using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Delivery;
using Supervisor.Filtering;

namespace Supervisor.Unit.Watcher.Delivery;

public sealed class CursorSpecs
{
    [Fact]
    public void A_cursor_survives_being_written()
    {
        Cursor.TryParse(new Cursor(3, 41).ToString(), out var read).Should().BeTrue();
        read.Should().Be(new Cursor(3, 41));
        read.Next(epoch: 4).Should().Be(new Cursor(4, 42));
        read.Next(epoch: 4).IsAfter(read).Should().BeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("3")]
    [InlineData(".3")]
    [InlineData("3.")]
    [InlineData("-1.3")]
    [InlineData("3.4.5")]
    public void What_is_no_cursor_is_refused(string? text) => Cursor.TryParse(text, out _).Should().BeFalse();
}

public sealed class ContentHashSpecs
{
    // Values of the reference implementation (xxhsum -H64).
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void It_is_XXH64(string text, ulong hash) => ContentHash.Of(Encoding.UTF8.GetBytes(text)).Should().Be(hash);

    [Fact]
    public void It_does_not_matter_in_which_pieces_a_file_is_read()
    {
        var content = new byte[1_000];
        new Random(5).NextBytes(content);

        for (var piece = 1; piece < 100; piece++)
        {
            var hash = new ContentHash();
            foreach (var chunk in content.Chunk(piece))
                hash.Append(chunk);

            hash.Finish().Should().Be(ContentHash.Of(content));
        }
    }
}

public sealed class BatchWindowSpecs
{
    [Fact]
    public void Four_batches_may_be_under_way()
    {
        var window = new BatchWindow();
        for (var sequence = 1; sequence <= 4; sequence++)
        {
            window.Room.Should().BePositive();
            window.Sent(new Cursor(1, sequence), 1);
        }

        window.Room.Should().Be(0);
        window.Acknowledged(new Cursor(1, 1));
        window.Room.Should().Be(BatchWindow.MaxChanges - 3);
    }

    [Fact]
    public void No_more_changes_than_the_window_holds_may_be_under_way()
    {
        var window = new BatchWindow();
        window.Sent(new Cursor(1, 1), BatchWindow.MaxChanges - 192);
        window.Room.Should().Be(192);
        window.Sent(new Cursor(1, 2), 192);
        window.Room.Should().Be(0);
    }

    [Fact]
    public void An_acknowledgement_speaks_for_every_batch_before_it_and_may_come_twice()
    {
        var window = new BatchWindow();
        window.Sent(new Cursor(1, 1), 10);
        window.Sent(new Cursor(1, 2), 10);

        window.Acknowledged(new Cursor(1, 2));
        window.Acknowledged(new Cursor(1, 1));

        window.IsEmpty.Should().BeTrue();
        window.Room.Should().Be(BatchWindow.MaxChanges);
    }
}

public sealed class ServiceChangeBuilderSpecs
{
    private static readonly FileState File = new(FileKind.File, 0, 1, 1, 1, 1, 1);
    private static readonly FileState Folder = File with { Kind = FileKind.Directory };

    [Fact]
    public void Each_service_gets_its_own_files_only()
    {
        var tally = new ServiceChangeBuilder(Filter(("web", "/p/site"), ("api", "/p/api"), ("idle", "/p/idle")));
        tally.Add([new NetChange("/p/site/b.py", File, File), new NetChange("/p/api/x", null, File), new NetChange("/p/site/a.py", File, null)]);

        tally.Build().Should().BeEquivalentTo(
            [new ServiceChange("web", ["/p/site/a.py", "/p/site/b.py"], 0, false), new ServiceChange("api", ["/p/api/x"], 0, false)],
            options => options.WithStrictOrdering());
    }

    [Fact]
    public void An_empty_folder_added_or_removed_is_not_reported()
    {
        var tally = new ServiceChangeBuilder(Filter(("web", "/p")));
        tally.Add([new NetChange("/p/new", null, Folder), new NetChange("/p/old", Folder, null)]);

        tally.Build().Should().BeEmpty();
    }

    [Fact]
    public void A_removed_folder_stands_for_its_files()
    {
        var tally = new ServiceChangeBuilder(Filter(("web", "/p")));
        tally.Add([
            new NetChange("/p/d/e/g", File, null), new NetChange("/p/d/e", Folder, null), new NetChange("/p/d/f", File, null),
            new NetChange("/p/d", Folder, null), new NetChange("/p/other", File, null)]);

        tally.Build().Single().Files.Should().Equal("/p/d", "/p/other");
    }

    [Fact]
    public void A_file_replaced_by_a_folder_is_a_removed_file()
    {
        var tally = new ServiceChangeBuilder(Filter(("web", "/p")));
        tally.Add([new NetChange("/p/d", File, Folder)]);

        tally.Build().Single().Files.Should().Equal("/p/d");
    }

    [Fact]
    public void A_hundred_names_are_given_and_the_rest_is_counted()
    {
        var tally = new ServiceChangeBuilder(Filter(("web", "/p")));
        tally.Add([.. Enumerable.Range(0, 250).Select(i => new NetChange($"/p/{i}", null, File))]);

        var change = tally.Build().Single();
        change.Files.Should().HaveCount(100);
        change.More.Should().Be(150);
    }

    [Fact]
    public void Names_are_printable()
    {
        var tally = new ServiceChangeBuilder(Filter(("web", "/p")));
        tally.Add([new NetChange("/p/bad\uDCFF.txt", null, File)]);

        tally.Build().Single().Files.Should().Equal(@"/p/bad\xff.txt");
    }

    [Fact]
    public void Lost_track_is_reported_to_the_services_that_watch_there()
    {
        var filter = Filter(("web", "/p/site"), ("api", "/p/api"));
        var tally = new ServiceChangeBuilder(filter);
        tally.LostTrack(filter.Enter("/p/api/deep")!);
        tally.Build().Should().BeEquivalentTo([new ServiceChange("api", [], 0, LostTrack: true)]);

        tally.LostTrack(service: 0);
        tally.Build().Select(change => change.Service).Should().Equal("web", "api");
    }

    private static WatchFilter Filter(params (string Service, string Root)[] services) => WatchFilter.Create(
        new WatcherSpec(
            WatchBackend.Auto, new LimitsSpec(null, null, null, null), new BackoffSpec(TimeSpan.Zero, TimeSpan.Zero), CompareMode.Content, null, [], false),
        [.. services.Select(pair => new Subscription(
            pair.Service, new WatchSpec([pair.Root], [], [], TimeSpan.Zero, new OnChange(ChangeAction.Restart, null))))],
        ownFolders: []);
}
