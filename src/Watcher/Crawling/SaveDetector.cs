using System.Runtime.Versioning;
using Supervisor.Filtering;
using Supervisor.Watcher.Coalescing;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Whether what happened to a file may be half of a save, by its name and by what is beside it. What is new itself does not count: in a folder that is being
/// unpacked nothing is saved. Not thread-safe: the work loop owns it.
/// </summary>
/// <param name="wasThere">Of a path that is pending: whether the last batch left it there; null: nothing is pending.</param>
[SupportedOSPlatform("linux")]
internal sealed class SaveDetector(StateMap map, TreeReader reader, Func<string, bool?> wasThere)
{
    public bool MayBeHalfOfSave(string path, FileState? before, FileState? after) => (before, after) switch
    {
        (null, { Kind: FileKind.File }) => IsTemporary(path),
        ({ Kind: FileKind.File or FileKind.Link }, null) => true,
        _ => false,
    };

    private bool IsTemporary(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        var name = Path.GetFileName(path);

        return wasThere(folder) != false && (TemporaryNames.LooksTemporary(name) || TemporaryNames.Extends(name, known => IsKnown(folder, known)));
    }

    private bool IsKnown(string folder, string name) => wasThere(Path.Combine(folder, name)) ?? IsFile(reader.Resolve(folder), name);

    private bool IsFile(int folder, string name) =>
        folder != 0 && map.Find(folder, FileName.Encode(name)) is var node and not 0 && map.StateOf(node).Kind is FileKind.File or FileKind.Link;
}
