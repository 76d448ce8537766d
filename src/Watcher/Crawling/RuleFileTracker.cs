using System.Runtime.Versioning;
using Supervisor.Filtering;
using Supervisor.Filtering.Gitignore;
using Supervisor.Watcher.Delivery;
using Supervisor.Watcher.Sources;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Keeps the filter's book of the rules that lie in the tree. Those of a directory that is read are learned while it is read, before anything in it is
/// judged; those that lie outside (above the roots, in <c>.git/info</c>, in the user's home) are looked at by the clock. Not thread-safe: the
/// work loop owns it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class RuleFileTracker(WatchFilter filter)
{
    // Files as they were when they were read, and the directories that their rules are for.
    private readonly Dictionary<(string Directory, string File), FileState> _outside = [];
    private readonly Dictionary<string, DateTimeOffset> _heard = new(StringComparer.Ordinal);

    /// <summary>The repository that each root lies in has rules for it, wherever in it the root lies.</summary>
    public void Begin()
    {
        if (!filter.HeedsGit)
            return;

        foreach (var root in filter.Roots)
        {
            for (var folder = Path.GetDirectoryName(root); folder is not null; folder = Path.GetDirectoryName(folder))
            {
                Attend(folder, ".git");
                Attend(folder, IgnoreFileDisk.Name);
                Reload(folder);

                if (IsTop(folder))
                    break;
            }
        }
    }

    /// <summary>Whether an event about the name may change the rules of its directory.</summary>
    public bool Concerns(ReadOnlySpan<byte> name) => Heeded(DirectoryMark.Of(name)) != DirectoryMarks.None;

    /// <param name="since">The event happened after that.</param>
    public void Hear(string directory, DateTimeOffset since)
    {
        if (!_heard.TryGetValue(directory, out var earlier) || since < earlier)
            _heard[directory] = since;
    }

    /// <summary>Takes in what a directory that is being read says. True: these are other rules than before.</summary>
    /// <param name="marks">Of all names in it.</param>
    /// <param name="since">When they have come into force, as far as was heard; null where nothing was heard.</param>
    public bool Learn(ReadOnlySpan<char> directory, OpenDirectory opened, DirectoryMarks marks, out DateTimeOffset? since)
    {
        since = null;
        marks = Heeded(marks);

        if (marks == DirectoryMarks.None && !filter.Book.Knows(directory))
            return false;

        var path = directory.ToString();
        since = _heard.Remove(path, out var heard) ? heard : null;
        AttendRepository(path, marks);
        return filter.Book.Set(path, IgnoreFileDisk.Read(path, marks, $"/proc/self/fd/{opened.Descriptor}"));
    }

    /// <summary>Looks at the files outside. True: other rules are in force.</summary>
    public bool HaveChangedOutside()
    {
        // Many repositories share a file.
        var found = _outside.Keys.Select(attended => attended.File).Distinct(StringComparer.Ordinal).ToDictionary(file => file, Look, StringComparer.Ordinal);
        var changed = _outside.Where(attended => !IsStill(found[attended.Key.File], attended.Value)).Select(attended => attended.Key).ToList();

        foreach (var attended in changed)
            _outside[attended] = found[attended.File];

        return changed.Select(attended => attended.Directory).Distinct(StringComparer.Ordinal).ToList().FindAll(Reload) is { Count: > 0 };
    }

    private DirectoryMarks Heeded(DirectoryMarks marks) => filter.HeedsGit ? marks : marks & ~DirectoryMarks.Git;

    private bool IsTop(string directory) => filter.Book[directory].Marks.HasFlag(DirectoryMarks.Repository);

    /// <summary>Reads a directory's rules by its path. True: they are others.</summary>
    private bool Reload(string directory)
    {
        var marks = filter.Book[directory].Marks & ~DirectoryMarks.Git;
        marks |= Look(Path.Combine(directory, ".git")).Kind != default ? DirectoryMarks.Repository : DirectoryMarks.None;
        marks |= Look(Path.Combine(directory, IgnoreFileDisk.Name)).Kind != default ? DirectoryMarks.IgnoreFile : DirectoryMarks.None;
        AttendRepository(directory, marks);
        return filter.Book.Set(directory, IgnoreFileDisk.Read(directory, marks));
    }

    private void AttendRepository(string top, DirectoryMarks marks)
    {
        if (!marks.HasFlag(DirectoryMarks.Repository))
            return;

        foreach (var file in IgnoreFileDisk.Outside(top))
            Attend(top, file);
    }

    /// <summary>Looks at the file from now on.</summary>
    private void Attend(string directory, string file)
    {
        var path = Path.Combine(directory, file);

        // Before it is read: what is written between the two is noticed at the next look.
        if (!_outside.ContainsKey((directory, path)))
            _outside.Add((directory, path), Look(path));
    }

    private static bool IsStill(in FileState found, in FileState known) =>
        found.Kind == known.Kind && (found.Kind is default(FileKind) or FileKind.Directory || (found.HasSameStat(known) && !known.Racy));

    private static FileState Look(string path) => FileInspector.Stat(FileName.Encode(path + '\0'), followLink: true);
}
