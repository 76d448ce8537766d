using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Unit.Watcher.Coalescing;

public sealed class FileComparisonSpecs
{
    private static readonly FileState Known = new(FileKind.File, 0x1A4, 1, 5, 3, 10, 10, ContentHash: 7);

    [Fact]
    public void The_same_stat_is_the_same_file() => Compare(Known, Known with { ContentHash = 0 }).Should().Be(Comparison.Same);

    [Fact]
    public void Other_times_with_the_same_size_leave_it_to_the_content() =>
        Compare(Known, Known with { ModifiedNs = 11, ContentHash = 0 }).Should().Be(Comparison.ContentDecides);

    [Fact]
    public void An_older_time_is_as_much_a_difference_as_a_newer_one() =>
        Compare(Known, Known with { ModifiedNs = 9, ContentHash = 8 }).Should().Be(Comparison.Changed);

    [Fact]
    public void Without_a_hash_of_the_first_version_it_has_changed() =>
        Compare(Known with { ContentHash = 0 }, Known with { ModifiedNs = 11 }).Should().Be(Comparison.Changed);

    [Fact]
    public void Another_size_needs_no_reading() => Compare(Known, Known with { Size = 4, ContentHash = 0 }).Should().Be(Comparison.Changed);

    [Fact]
    public void A_racy_state_proves_nothing_by_its_times() =>
        Compare(Known with { Racy = true }, Known with { ContentHash = 0 }).Should().Be(Comparison.ContentDecides);

    [Fact]
    public void A_racy_state_whose_content_is_unknown_has_changed() =>
        Compare(Known with { Racy = true, ContentHash = 0 }, Known).Should().Be(Comparison.Changed);

    [Fact]
    public void A_directory_is_its_entries_not_its_times() =>
        Compare(Known with { Kind = FileKind.Directory }, Known with { Kind = FileKind.Directory, ModifiedNs = 99, Inode = 6 }).Should().Be(Comparison.Same);

    [Fact]
    public void Another_kind_is_a_change() => Compare(Known, Known with { Kind = FileKind.Link }).Should().Be(Comparison.Changed);

    [Fact]
    public void With_metadata_an_atomic_save_counts_even_when_the_bytes_are_the_same() =>
        FileComparison.Compare(Known, Known with { Inode = 6 }, CompareMode.Metadata).Should().Be(Comparison.Changed);

    private static Comparison Compare(FileState before, FileState after) => FileComparison.Compare(before, after, CompareMode.Content);
}
