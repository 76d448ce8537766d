namespace Supervisor.Client;

internal enum FileKind
{
    Directory,
    File,
    SymbolicLink,
    Socket,
    Other,
}

/// <summary>What stands at a path itself, symbolic links not followed.</summary>
internal sealed partial record PathFacts(FileKind Kind, uint Owner, UnixFileMode Mode, ulong Inode, ulong Device)
{
    public bool IsSameFile(PathFacts other) => Inode == other.Inode && Device == other.Device;

    public string Describe() => Kind switch
    {
        FileKind.Directory => "a directory",
        FileKind.File => "a file",
        FileKind.SymbolicLink => "a symbolic link",
        FileKind.Socket => "a socket",
        _ => "a special file",
    };
}
