using FsCheck;
using FsCheck.Fluent;
using Supervisor.Watcher.Coalescing;

namespace Supervisor.Unit.Watcher.Coalescing;

public sealed class DirtySetSpecs
{
    private static readonly string[] Roots = ["/r", "/r/n/deep", "/q/x"];

    private static readonly Gen<DirtyPath> Mark =
        from root in Gen.Elements(Roots)
        from names in Gen.Elements("a", "b", "c", "d", "n").ListOf()
        from depth in Gen.Elements(DirtyDepth.Entry, DirtyDepth.Directory, DirtyDepth.Subtree)
        select new DirtyPath(string.Join('/', names.Take(6).Prepend(root)), depth);

    [Fact]
    public void What_was_marked_is_covered_by_what_comes_out_however_small_the_set_is() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(3_000).WithEndSize(200),
        Prop.ForAll(
            Mark.ListOf().Zip(Gen.Choose(4, 40)).ToArbitrary(),
            input =>
            {
                var (marks, capacity) = input;
                var set = new DirtySet(Roots, capacity);

                foreach (var (path, depth) in marks)
                    set.Mark(path, depth);

                var isBounded = set.Count <= capacity;
                var taken = TakeAll(set);
                return isBounded && marks.All(mark => taken.Any(look => Covers(look, mark)));
            }));

    [Fact]
    public void Paths_come_out_in_the_order_they_were_marked()
    {
        var set = new DirtySet(["/r"]);
        set.Mark("/r/b", DirtyDepth.Entry);
        set.Mark("/r/a", DirtyDepth.Entry);
        set.Mark("/r/b", DirtyDepth.Subtree);

        TakeAll(set).Should().Equal(new DirtyPath("/r/b", DirtyDepth.Subtree), new DirtyPath("/r/a", DirtyDepth.Entry));
        set.Count.Should().Be(0);
    }

    [Fact]
    public void A_path_beneath_a_dirty_subtree_is_not_remembered_twice()
    {
        var set = new DirtySet(["/r"]);
        set.Mark("/r/a", DirtyDepth.Subtree);
        set.Mark("/r/a/b/c", DirtyDepth.Directory);

        set.Count.Should().Be(1);
    }

    [Fact]
    public void A_dirty_directory_does_not_cover_its_subdirectories()
    {
        var set = new DirtySet(["/r"]);
        set.Mark("/r/a", DirtyDepth.Directory);
        set.Mark("/r/a/f", DirtyDepth.Entry);
        set.Mark("/r/a/sub", DirtyDepth.Directory);

        TakeAll(set).Select(look => look.Path).Should().Equal("/r/a", "/r/a/sub");
    }

    [Fact]
    public void Many_files_become_their_directory()
    {
        var set = new DirtySet(["/r"], capacity: 10);

        for (var i = 0; i < 1_000; i++)
            set.Mark($"/r/a/{i}", DirtyDepth.Entry);

        TakeAll(set).Should().Equal(new DirtyPath("/r/a", DirtyDepth.Directory));
        set.Coarsenings.Should().Be(1);
    }

    [Fact]
    public void The_folder_that_holds_a_root_is_never_coarsened_upwards()
    {
        var set = new DirtySet(["/home/me/r"], capacity: 2);
        set.Mark("/home/me", DirtyDepth.Entry);

        for (var i = 0; i < 100; i++)
            set.Mark($"/home/me/r/{i % 10}/{i}", DirtyDepth.Entry);

        TakeAll(set).Should().Equal(new DirtyPath("/home/me", DirtyDepth.Entry), new DirtyPath("/home/me/r", DirtyDepth.Subtree));
    }

    [Fact]
    public void Marking_a_dirty_path_again_allocates_nothing()
    {
        var set = new DirtySet(["/r"]);
        set.Mark("/r/a/b", DirtyDepth.Entry);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            set.Mark("/r/a/b", DirtyDepth.Entry);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    private static List<DirtyPath> TakeAll(DirtySet set)
    {
        var taken = new List<DirtyPath>();

        while (set.TryTake(out var path))
            taken.Add(path);

        return taken;
    }

    private static bool Covers(DirtyPath look, DirtyPath mark)
    {
        if (look.Path == mark.Path)
            return look.Depth >= mark.Depth;

        if (!mark.Path.StartsWith(look.Path + "/", StringComparison.Ordinal))
            return false;

        var isChild = mark.Path.LastIndexOf('/') == look.Path.Length;
        return look.Depth == DirtyDepth.Subtree || (look.Depth == DirtyDepth.Directory && isChild && mark.Depth == DirtyDepth.Entry);
    }
}
