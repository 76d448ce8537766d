using System.Runtime.InteropServices;
using Supervisor.Filtering;
using Supervisor.Filtering.Gitignore;
using Supervisor.Filtering.Links;
using Supervisor.Unit.Watcher.Model.Interop;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>What a reader finds of one file or link: what it is, and a hash of all its bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileContent(FileKind Kind, ulong Hash);

/// <summary>
/// What is on disk, file by file and by service, read by itself: what a service does not want is not in its part. Whoever works on the disk
/// may go on meanwhile; what vanishes under the reader's hands is not there.
/// </summary>
internal sealed class DiskImage
{
    private readonly WatchFilter _filter;
    private readonly HashSet<string> _roots;
    private readonly Dictionary<string, FileContent>[] _services;
    private readonly List<int> _wanting = [];

    private DiskImage(WatchFilter filter)
    {
        _filter = filter;
        _roots = filter.Roots.ToHashSet(StringComparer.Ordinal);
        _services = [.. filter.Services.Select(_ => new Dictionary<string, FileContent>(StringComparer.Ordinal))];
    }

    /// <summary>By printable path.</summary>
    public IReadOnlyDictionary<string, FileContent> this[int service] => _services[service];

    /// <summary>Every wanted file by its path, with what <c>lstat</c> says.</summary>
    public Dictionary<string, FileState> States { get; } = new(StringComparer.Ordinal);

    public static DiskImage Read(TestDirectory directory)
    {
        var image = new DiskImage(directory.NewFilter());
        var home = directory.Home.TrimEnd('/');

        // One root holds the others.
        image.Look(image._filter.Enter(home)!, directory.Root);
        return image;
    }

    private void Look(DirectoryInterest interest, string path)
    {
        var bytes = NativeDisk.Bytes(path);
        var isRoot = _roots.Contains(path);

        switch (FileInspector.Stat(bytes, followLink: isRoot))
        {
            case { Kind: FileKind.Directory }:
                LookInto(interest, path, bytes, isRoot);
                break;

            case { Kind: FileKind.File } file when NativeDisk.ReadFile(bytes, isRoot) is { } content:
                Add(interest, path, file, new FileContent(FileKind.File, ContentHash.Of(content)));
                break;

            case { Kind: FileKind.Link } link:
                LookThrough(interest, path, bytes, link);
                break;
        }
    }

    /// <summary>A link counts as what it leads to, unless it leads nowhere or back.</summary>
    private void LookThrough(DirectoryInterest interest, string path, byte[] bytes, in FileState link)
    {
        switch (FileInspector.Stat(bytes, followLink: true))
        {
            case { Kind: FileKind.Directory } when _filter.Enter(interest, path) is null:
                break;

            case { Kind: FileKind.Directory } when IsFollowed(_filter.Enter(interest, path)!, path):
                LookInto(interest, path, bytes, follow: true);
                break;

            case { Kind: FileKind.File } file when NativeDisk.ReadFile(bytes, followLink: true) is { } content:
                Add(interest, path, file, new FileContent(FileKind.File, ContentHash.Of(content)));
                break;

            default:
                if (NativeDisk.ReadLink(bytes) is { } target)
                    Add(interest, path, link, new FileContent(FileKind.Link, ContentHash.Of(target)));

                break;
        }
    }

    private bool IsFollowed(DirectoryInterest within, string path)
    {
        if (LinkReader.Read(_filter, path) is not { } link || LinkPolicy.ReasonNotToFollow(_filter, within, link) is not null)
            return false;

        _filter.Links.Set(path, link.Target);
        return true;
    }

    private void LookInto(DirectoryInterest above, string path, byte[] bytes, bool follow)
    {
        var flags = LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_CLOEXEC | (follow ? 0 : LibC.O_NOFOLLOW);
        var descriptor = LibC.openat(LibC.AT_FDCWD, bytes, flags, mode: 0);

        if (descriptor < 0)
            return;

        var names = NativeDisk.Names(descriptor);

        // Its entries may contain rules for it.
        if (_filter.UsesGitignore)
        {
            var markers = names.Aggregate(DirectoryMarkers.None, (known, name) => known | MarkerFile.Of(name.AsSpan(..^1)));
            _filter.RulesByDirectory.Set(path, IgnoreFileLoader.Read(path, markers, $"/proc/self/fd/{descriptor}"));
        }

        _ = LibC.close(descriptor);

        if (_filter.Enter(above, path) is not { } within)
            return;

        foreach (var name in names)
            Look(within, path + '/' + FileName.Decode(name.AsSpan(..^1)));
    }

    private void Add(DirectoryInterest interest, string path, in FileState state, FileContent seen)
    {
        _wanting.Clear();
        _filter.AddServices(interest, path, _wanting);

        foreach (var service in _wanting)
            _services[service][FileName.Printable(path)] = seen;

        if (_wanting.Count > 0)
            States[path] = state;
    }
}
