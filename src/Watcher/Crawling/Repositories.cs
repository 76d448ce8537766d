using System.Runtime.Versioning;
using Supervisor.Watcher.Coalescing;
using Supervisor.Filtering;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// The version-control folders that watched files belong to, and whether an operation is running there. Their markers are looked for when a batch is
/// about to go and not before: git makes its lock before it touches the first file and removes it after the last, so a look at that moment
/// knows as much as a watch would, and idles for nothing. Not thread-safe: the work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Repositories
{
    private const string PointerPrefix = "gitdir:";

    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly List<(string Path, byte[] Bytes)> _markers = [];

    /// <summary>A folder called <c>.git</c> or <c>.hg</c>; others are ignored.</summary>
    public void Add(string folder)
    {
        var names = Path.GetFileName(folder) switch
        {
            ".hg" => VersionControlHold.MercurialMarkers,
            ".git" => VersionControlHold.GitMarkers,
            _ => [],
        };

        Add(folder, names);
    }

    /// <summary>A watched folder is often only part of a repository: adds the repository that encloses it.</summary>
    public void AddEnclosing(string root)
    {
        for (var folder = root; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var (git, mercurial) = (Path.Combine(folder, ".git"), Path.Combine(folder, ".hg"));

            if (Directory.Exists(git))
                Add(git);
            else if (File.Exists(git))
                AddPointedTo(git);

            if (Directory.Exists(mercurial))
                Add(mercurial);
        }
    }

    /// <summary>Checks every marker and reports it to the hold.</summary>
    public void Look(VersionControlHold hold, TimeSpan now)
    {
        foreach (var (path, bytes) in _markers)
            hold.Seen(path, FileInspector.Stat(bytes, followLink: false).Kind != default, now);
    }

    // A worktree or a submodule: ".git" is a file that says where the folder is.
    private void AddPointedTo(string pointer)
    {
        try
        {
            var text = File.ReadAllText(pointer).Trim();

            if (text.StartsWith(PointerPrefix, StringComparison.Ordinal))
            {
                var folder = Path.Combine(Path.GetDirectoryName(pointer)!, text[PointerPrefix.Length..].Trim());
                Add(Path.GetFullPath(folder), VersionControlHold.GitMarkers);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Then its operations show only as the changes that they make to files.
        }
    }

    private void Add(string folder, IReadOnlyList<string> names)
    {
        if (!_folders.Add(folder))
            return;

        foreach (var name in names)
        {
            var path = folder + '/' + name;
            _markers.Add((path, FileName.Encode(path + "\0")));
        }
    }
}
