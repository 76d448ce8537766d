using Supervisor.Unit.Watcher.Crawling;

namespace Supervisor.Unit.Watcher.Backends;

/// <summary>
/// What every backend has to get right in the end, short forms of the catalogue's saves, new directories, renames and storms. Each acts on a tree that
/// begins as <see cref="Prepare"/> leaves it.
/// </summary>
internal static class Scenarios
{
    public static readonly IReadOnlyDictionary<string, Action<WatchedTree>> All = new Dictionary<string, Action<WatchedTree>>(StringComparer.Ordinal)
    {
        ["a file is written over"] = tree => tree.Write("f.py", "two"),
        ["a file is appended to"] = tree => File.AppendAllText(tree["f.py"], "more"),
        ["a file is saved by renaming"] = tree => Replace(tree, ".f.py.tmp", "f.py", "two"),
        ["a file is saved twice by renaming"] = tree =>
        {
            Replace(tree, ".f.py.tmp", "f.py", "two");
            Replace(tree, ".f.py.tmp", "f.py", "three");
        },
        ["vim saves"] = tree =>
        {
            tree.Write("4913", "");
            File.Delete(tree["4913"]);
            File.Move(tree["f.py"], tree["f.py~"]);
            tree.Write("f.py", "two");
            File.Delete(tree["f.py~"]);
        },
        ["emacs saves"] = tree =>
        {
            File.CreateSymbolicLink(tree[".#f.py"], "me@host.1:2");
            File.Move(tree["f.py"], tree["f.py~"]);
            tree.Write("f.py", "two");
            File.Delete(tree[".#f.py"]);
            File.Delete(tree["f.py~"]);
        },
        ["sed -i"] = tree => tree.Run("sed", "-i", "s/one/two/", "f.py"),
        ["a formatter writes again at once"] = tree =>
        {
            tree.Write("f.py", "two");
            tree.Write("f.py", "two, formatted");
        },
        ["a file is created"] = tree => tree.Write("new.py", "one"),
        ["a file is deleted"] = tree => File.Delete(tree["f.py"]),
        ["a file is deleted and created again"] = tree =>
        {
            File.Delete(tree["f.py"]);
            tree.Write("f.py", "two");
        },
        ["files appear in new directories"] = tree =>
        {
            for (var i = 0; i < 50; i++)
                tree.Write($"new{i}/f.py", "one");
        },
        ["directories are made at once to the bottom"] = tree => tree.Write("n/b/c/d/e/f.py", "one"),
        ["a directory is moved in"] = tree =>
        {
            Directory.CreateDirectory(Path.Combine(tree.Outside, "in/deep"));
            File.WriteAllText(Path.Combine(tree.Outside, "in/deep/f.py"), "one");
            Directory.Move(Path.Combine(tree.Outside, "in"), tree["in"]);
        },
        ["a directory is moved out and another file written"] = tree =>
        {
            Directory.Move(tree["d"], Path.Combine(tree.Outside, "d"));
            tree.Write("f.py", "two");
        },
        ["a directory is deleted and made again"] = tree =>
        {
            Directory.Delete(tree["d"], recursive: true);
            tree.Write("d/another.py", "one");
        },
        ["a directory takes a file's place and a file a directory's"] = tree =>
        {
            File.Delete(tree["f.py"]);
            tree.Write("f.py/inside.py", "one");
            Directory.Delete(tree["d"], recursive: true);
            tree.Write("d", "one");
        },
        ["a directory is renamed and written to"] = tree =>
        {
            Directory.Move(tree["d"], tree["e"]);
            tree.Write("e/deep/g.py", "two");
        },
        ["a file is renamed there and back"] = tree =>
        {
            File.Move(tree["f.py"], tree["g.py"]);
            File.Move(tree["g.py"], tree["f.py"]);
        },
        ["a link is turned to another target"] = tree =>
        {
            tree.Write("d/deep/h.py", "another");
            tree.Run("ln", "-s", "d/deep/g.py", "link");
            tree.Run("ln", "-sfn", "d/deep/h.py", "link");
        },
        ["names are strange"] = tree =>
        {
            tree.Write("two words.py", "one");
            tree.Write("-dash", "one");
            tree.Write(new string('n', 255), "one");
            tree.Write("ünïcödé.py", "one");
        },
        ["a thousand files are written"] = tree =>
        {
            for (var i = 0; i < 1_000; i++)
                tree.Write($"many/{i % 20}/{i}.py", "one");
        },
        ["one file is written a thousand times"] = tree =>
        {
            for (var i = 0; i < 1_000; i++)
                tree.Write("f.py", $"{i}");
        },
        ["an archive is unpacked"] = tree => tree.Run("/bin/sh", "-c", "mkdir .pack && cp -r d .pack/x && tar cf - -C .pack . | tar xf - && rm -r .pack"),
        ["all is ignored"] = tree =>
        {
            tree.Write("node_modules/deep/f.js", "one");
            Directory.Delete(tree["node_modules"], recursive: true);
        },
    };

    public static void Prepare(WatchedTree tree)
    {
        tree.Write("f.py", "one");
        tree.Write("d/f.py", "one");
        tree.Write("d/deep/g.py", "one");
        tree.Write("d/deep/h.py", "one");
    }

    private static void Replace(WatchedTree tree, string temporary, string name, string content)
    {
        tree.Write(temporary, content);
        File.Move(tree[temporary], tree[name], overwrite: true);
    }
}
