using System.Runtime.InteropServices;
using Supervisor.Watcher.Delivery;
using Supervisor.Filtering;

namespace Supervisor.Watcher.Crawling;

/// <summary>How a directory is to be read.</summary>
[Flags]
internal enum Reading : byte
{
    None = 0,
    Wanted = 1,

    /// <summary>Everything beneath as well, known or not. Without it, only directories beneath that are new are read.</summary>
    Deep = 2,

    /// <summary>There is nothing to compare with: what is there is the beginning, not a change.</summary>
    First = 4,
}

/// <summary>One entry of the state map. Other nodes are named by their number, 0 for none.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Node
{
    public int Parent;
    public int FirstChild;
    public int NextSibling;
    public int PreviousSibling;
    public int NextInBucket;

    /// <summary>Number of the name in the arena.</summary>
    public int Name;

    /// <summary>Hash over parent and name.</summary>
    public uint Hash;

    /// <summary>The kernel's number of the watch on this directory; 0: none, it is polled (or needs no looking at).</summary>
    public int Watch;

    /// <summary>The next directory with the same watch: the same inode can be seen in two places (a bind mount, a directory just moved).</summary>
    public int NextWithWatch;

    /// <summary>Grows whenever what was found out about the directory's entries before now is out of date: it was read again, or is another one.</summary>
    public int Version;

    /// <summary>The last reading of the parent that met this entry.</summary>
    public int SeenInReading;

    /// <summary>How the directory is to be read, while it waits for that.</summary>
    public Reading Pending;

    /// <summary>The directory's entries are in the map.</summary>
    public bool WasRead;

    /// <summary>What the services want in this directory; null while that has not been asked, and for anything but a directory.</summary>
    public DirectoryInterest? Interest;

    /// <summary>Kind 0: not there, or not looked at yet.</summary>
    public FileState State;

    public readonly bool Exists => State.Kind != default;

    public readonly bool IsDirectory => State.Kind == FileKind.Directory;
}
