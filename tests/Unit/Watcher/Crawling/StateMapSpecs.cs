using System.Runtime.CompilerServices;
using System.Text;
using Supervisor.Watcher.Crawling;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Unit.Watcher.Crawling;

public sealed class StateMapSpecs
{
    [Fact]
    public void Paths_are_written_back_as_their_names_were_added()
    {
        var map = new StateMap();
        var leaf = map.FindOrAdd(map.FindOrAdd(StateMap.Root, "home"u8), [0xff, (byte)'x']);
        var path = new byte[64];

        path.AsSpan(0, map.WritePath(leaf, path)).ToArray().Should().Equal([.. "/home/"u8, 0xff, (byte)'x']);
        map.WritePath(leaf, new byte[8]).Should().Be(-1);
        map.WritePath(StateMap.Root, path).Should().Be(1);
    }

    [Fact]
    public void After_any_adds_and_removes_it_equals_a_plain_set_of_names()
    {
        var random = new Random(7);
        var map = new StateMap();
        var folder = map.FindOrAdd(StateMap.Root, "folder"u8);
        var names = new HashSet<string>(StringComparer.Ordinal);

        for (var i = 0; i < 200_000; i++)
        {
            var text = $"a rather long name with number {random.Next(6_000)}";
            var name = Encoding.UTF8.GetBytes(text);
            var node = map.Find(folder, name);
            Assert.Equal(names.Contains(text), node != 0);

            if (node == 0)
                map.FindOrAdd(folder, name);
            else
                map.Remove(node);

            if (!names.Remove(text))
                names.Add(text);
        }

        var children = new List<string>();

        for (var child = map.DirectoryOf(folder).FirstChild; child != 0; child = map[child].NextSibling)
            children.Add(Encoding.UTF8.GetString(map.Name(child)));

        children.Should().BeEquivalentTo(names);
        map.Count.Should().Be(names.Count + 2);
    }

    [Fact]
    public void Every_state_reads_back_as_written()
    {
        var random = new Random(11);
        var map = new StateMap();
        var states = new Dictionary<int, FileState>();

        for (var i = 0; i < 5_000; i++)
        {
            var node = map.FindOrAdd(StateMap.Root, BitConverter.GetBytes(random.Next(1_000)));
            var kind = (FileKind)random.Next(5);

            if (kind == FileKind.Directory)
                map.MakeDirectory(node).Watch = i;
            else if (map[node].Directory != 0)
                continue;

            var isHashed = kind is FileKind.File or FileKind.Link;
            states[node] = new FileState(
                kind, (ushort)random.Next(4096), (ulong)random.Next(3) << 32, (ulong)random.NextInt64(), random.NextInt64(), random.NextInt64(),
                -random.NextInt64(), isHashed ? (ulong)random.NextInt64() : 0, Racy: random.Next(2) == 0);
            map.SetState(node, states[node]);
        }

        states.Should().AllSatisfy(known => map.StateOf(known.Key).Should().Be(known.Value));
        Unsafe.SizeOf<Node>().Should().Be(64);
    }

    [Fact]
    public void A_directory_with_a_reused_number_has_a_new_version()
    {
        var map = new StateMap();
        var seen = new HashSet<int>();

        for (var i = 0; i < 1_000; i++)
        {
            var node = map.FindOrAdd(StateMap.Root, "again"u8);
            seen.Add(map.MakeDirectory(node).Version).Should().BeTrue();
            map.Renew(node);
            seen.Add(map.DirectoryOf(node).Version).Should().BeTrue();
            map.Remove(node);
        }

        map.FindOrAdd(StateMap.Root, "again"u8).Should().BeLessThan(4);
    }

    [Fact]
    public void An_entry_added_after_a_read_counts_as_found_by_it()
    {
        var map = new StateMap();
        var before = map.FindOrAdd(StateMap.Root, "before"u8);
        ref var root = ref map.MakeDirectory(StateMap.Root);
        root.Mark = !root.Mark;
        var after = map.FindOrAdd(StateMap.Root, "after"u8);

        map[after].Mark.Should().Be(root.Mark);
        map[before].Mark.Should().Be(!root.Mark);
    }
}
