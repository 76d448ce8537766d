using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>The cost of ignored directories for the watcher executable.</summary>
public sealed class IgnoredDirectoriesSpecs
{
    private const int Directories = 3_000;

    [NeedsFact("/usr/bin/python3", "seq", "xargs", "git")]
    public async Task Thousands_of_ignored_directories_are_neither_watched_nor_opened()
    {
        await using var folder = WatchedFolder.Create();
        folder.Write(".gitignore", "gen-*/\n");
        folder.Write("src/f.py", "one");
        await folder.RunAsync($"git init -q . && mkdir -p deep/node_modules && seq -f deep/node_modules/m%g {Directories / 2} | xargs mkdir && seq -f gen-%g {Directories / 2} | xargs mkdir");
        var parent = await TestParent.BeginAsync(folder);
        string[] ignored = [folder["deep/node_modules"], .. Enumerable.Range(10, 50).Select(i => folder[$"gen-{i}"])];
        var read = MakeUnread([folder["src"], .. ignored]);
        await using var watcher = await WatcherProcess.StartAsync(
            folder, parent, hello => hello with { Settings = hello.Settings with { Gitignore = true } });

        await watcher.FlushAsync();
        folder.Write("src/f.py", "two");
        folder.Write("gen-7/f.py", "two");
        await watcher.FlushAsync();

        parent.Names.Distinct(StringComparer.Ordinal).Should().Equal(folder["src/f.py"]);
        Watches(watcher.Pid).Should().BeLessThan(8, "the tree's directories that are not ignored, the folder above it and the watcher's own");

        // Reading a directory sets its access time, where the file system keeps one.
        if (Directory.GetLastAccessTimeUtc(folder["src"]) != read[folder["src"]])
            ignored.Where(directory => Directory.GetLastAccessTimeUtc(directory) != read[directory]).Should().BeEmpty();
    }

    /// <summary>Modifies them after the last read, so that the next read sets the access time even with relatime.</summary>
    private static Dictionary<string, DateTime> MakeUnread(string[] directories)
    {
        foreach (var directory in directories)
            Directory.SetLastWriteTimeUtc(directory, DateTime.UtcNow.AddSeconds(1));

        return directories.ToDictionary(directory => directory, Directory.GetLastAccessTimeUtc, StringComparer.Ordinal);
    }

    private static int Watches(int pid) => Directory.GetFiles($"/proc/{pid}/fdinfo").Sum(Watches);

    private static int Watches(string descriptor)
    {
        try
        {
            return File.ReadLines(descriptor).Count(line => line.StartsWith("inotify wd:", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return 0; // It was closed meanwhile.
        }
    }
}
