using Supervisor.Filtering;
using Supervisor.Unit.Watcher.Model.Interop;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>
/// Where one history is played: a folder of its own with the watched tree, a folder beside it that is not watched, and the watcher's runtime folder.
/// Disposing removes all of it, mounts too.
/// </summary>
internal sealed class TestDirectory : IDisposable
{
    private const string DiskSize = "size=512k";

    private readonly string _home = Directory.CreateTempSubdirectory("supervisor-model-").FullName;

    public TestDirectory(ModelSettings settings)
    {
        Settings = new WatcherSpec(
            WatchBackend.Auto, new LimitsSpec(null, null, null, null), new BackoffSpec(TimeSpan.Zero, TimeSpan.Zero), settings.Compare,
            settings.Settle, [], settings.UsesGitignore);

        Directory.CreateDirectory(settings.UsesGitignore ? Root + "/.git" : Root);
        Directory.CreateDirectory(Path.Combine(_home, "outside"));
        Directory.CreateDirectory(RuntimeFolder);
        HasSmallDisk = settings.HasSmallDisk
            && LibC.mount(NativeDisk.Bytes("model"), NativeDisk.Bytes(RuntimeFolder), NativeDisk.Bytes("tmpfs"), 0, NativeDisk.Bytes(DiskSize)) == 0;
        Filter = NewFilter();
        Work = new FileOperations(Home);
    }

    /// <summary>Ends with a slash.</summary>
    public string Home => _home + "/";

    public string Root => Home + "tree";

    public string RuntimeFolder => Home + "run";

    public string Snapshot => RuntimeFolder + "/watcher.snapshot";

    public string CookieFolder => Snapshot + ".flush";

    /// <summary>The runtime folder lies on a file system of half a megabyte; only root can have that.</summary>
    public bool HasSmallDisk { get; }

    public WatcherSpec Settings { get; }

    /// <summary>Of a whole tree, of some files in it, of a folder in it, of a single file.</summary>
    public IReadOnlyList<Subscription> Subscriptions =>
        [Subscribe("all", [Root], []), Subscribe("python", [Root], ["*.py"]), Subscribe("folder", [Root + "/a"], []), Subscribe("file", [Root + "/c.py"], [])];

    /// <summary>Of the settings alone.</summary>
    public WatchFilter Filter { get; }

    public FileOperations Work { get; }

    /// <summary>With no rules from the tree in it yet: those are its owner's to find.</summary>
    public WatchFilter NewFilter() => WatchFilter.Create(Settings, Subscriptions, [RuntimeFolder]);

    public void Dispose()
    {
        if (HasSmallDisk)
            _ = LibC.umount2(NativeDisk.Bytes(RuntimeFolder), LibC.MNT_DETACH);

        NativeDisk.Remove(_home);
    }

    private static Subscription Subscribe(string service, string[] paths, string[] include) =>
        new(service, new WatchSpec(paths, include, [], TimeSpan.Zero, new OnChange(ChangeAction.Restart, null)));
}
