using System.Runtime.Versioning;
using Supervisor.Filtering;
using Supervisor.Filtering.Gitignore;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Loads rule files (<c>.gitignore</c>, marker files, the <c>.git</c> of a checkout) into the filter's <see cref="WatchFilter.RulesByDirectory"/>. Those
/// of a directory are loaded while it is read, before anything in it is filtered; a timer checks those outside (above the roots, in
/// <c>.git/info</c>, in the user's home). Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class RuleFileTracker(WatchFilter filter)
{
    // The state of each rule file when it was read, by the directory that its rules apply to.
    private readonly Dictionary<(string Directory, string File), FileState> _outside = [];
    private readonly Dictionary<string, DateTimeOffset> _changedSince = new(StringComparer.Ordinal);

    /// <summary>Loads the rules of the repository that encloses each root.</summary>
    public void Begin()
    {
        if (!filter.UsesGitignore)
            return;

        foreach (var root in filter.Roots)
        {
            for (var folder = Path.GetDirectoryName(root); folder is not null; folder = Path.GetDirectoryName(folder))
            {
                Track(folder, ".git");
                Track(folder, IgnoreFileLoader.Name);
                Reload(folder);

                if (IsTop(folder))
                    break;
            }
        }
    }

    /// <summary>Whether an event about the name may change the rules of its directory.</summary>
    public bool Concerns(ReadOnlySpan<byte> name) => Concerns(MarkerFile.Of(name));

    /// <param name="since">The event happened after that.</param>
    public void OnEvent(string directory, DateTimeOffset since)
    {
        if (!_changedSince.TryGetValue(directory, out var earlier) || since < earlier)
            _changedSince[directory] = since;
    }

    /// <summary>Loads the rules of a directory that is being read. True: they differ from before.</summary>
    /// <param name="markers">Of all names in it.</param>
    /// <param name="since">When the rules took effect, according to events; null: no event reported it.</param>
    public bool Load(ReadOnlySpan<char> directory, OpenDirectory opened, DirectoryMarkers markers, out DateTimeOffset? since)
    {
        since = null;

        if (!Concerns(markers) && !filter.RulesByDirectory.Contains(directory))
            return false;

        var path = directory.ToString();
        since = _changedSince.Remove(path, out var heard) ? heard : null;
        return Set(path, markers, $"/proc/self/fd/{opened.Descriptor}");
    }

    /// <summary>Checks the rule files outside the tree. True: the rules have changed.</summary>
    public bool HaveChangedOutside()
    {
        // Many repositories share a file.
        var found = _outside.Keys.Select(tracked => tracked.File).Distinct(StringComparer.Ordinal).ToDictionary(file => file, Look, StringComparer.Ordinal);
        var changed = _outside.Where(tracked => !IsStill(found[tracked.Key.File], tracked.Value)).Select(tracked => tracked.Key).ToList();

        foreach (var tracked in changed)
            _outside[tracked] = found[tracked.File];

        return changed.Select(tracked => tracked.Directory).Distinct(StringComparer.Ordinal).ToList().FindAll(Reload) is { Count: > 0 };
    }

    // A .git counts without the rules of git as well: it may make a checkout.
    private bool Concerns(DirectoryMarkers markers) =>
        (filter.UsesGitignore ? markers : markers & ~DirectoryMarkers.IgnoreFile) != DirectoryMarkers.None;

    private DirectoryMarkers Honoured(DirectoryMarkers markers) => filter.UsesGitignore ? markers : markers & ~DirectoryMarkers.Git;

    private bool IsTop(string directory) => filter.RulesByDirectory[directory].Markers.HasFlag(DirectoryMarkers.Repository);

    /// <summary>Reads a directory's rules by its path. True: they are others.</summary>
    private bool Reload(string directory)
    {
        var markers = filter.RulesByDirectory[directory].Markers & ~DirectoryMarkers.Git;
        markers |= Look(Path.Combine(directory, ".git")).Kind != default ? DirectoryMarkers.Repository : DirectoryMarkers.None;
        markers |= Look(Path.Combine(directory, IgnoreFileLoader.Name)).Kind != default ? DirectoryMarkers.IgnoreFile : DirectoryMarkers.None;
        return Set(directory, markers, openAs: null);
    }

    private bool Set(string directory, DirectoryMarkers markers, string? openAs)
    {
        TrackRepository(directory, markers);
        var honoured = Honoured(CheckoutReader.Mark(directory, markers, openAs));
        return filter.RulesByDirectory.Set(directory, IgnoreFileLoader.Read(directory, honoured, openAs));
    }

    private void TrackRepository(string top, DirectoryMarkers markers)
    {
        if (!markers.HasFlag(DirectoryMarkers.Repository))
            return;

        if (CheckoutReader.ListingAbove(top) is { } listing)
            Track(top, listing);

        if (!filter.UsesGitignore)
            return;

        foreach (var file in IgnoreFileLoader.Outside(top))
            Track(top, file);
    }

    /// <summary>Checks the file from now on.</summary>
    private void Track(string directory, string file)
    {
        var path = Path.Combine(directory, file);

        // Before it is read: a write between the two is noticed by the next check.
        if (!_outside.ContainsKey((directory, path)))
            _outside.Add((directory, path), Look(path));
    }

    private static bool IsStill(in FileState found, in FileState known) =>
        found.Kind == known.Kind && (found.Kind is default(FileKind) or FileKind.Directory || (found.HasSameStat(known) && !known.Racy));

    private static FileState Look(string path) => FileInspector.Stat(FileName.Encode(path + '\0'), followLink: true);
}
