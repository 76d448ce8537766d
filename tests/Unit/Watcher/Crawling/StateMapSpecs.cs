using System.Text;
using Supervisor.Watcher.Crawling;

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
    public void After_any_adding_and_removing_it_holds_what_a_plain_set_of_names_would()
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

        for (var child = map[folder].FirstChild; child != 0; child = map[child].NextSibling)
            children.Add(Encoding.UTF8.GetString(map.Name(child)));

        children.Should().BeEquivalentTo(names);
        map.Count.Should().Be(names.Count + 2);
    }
}
