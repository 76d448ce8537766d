namespace Supervisor.Client;

internal enum PathKind
{
    Directory,
    File,
    SymbolicLink,
    Socket,
    Other,
}

/// <summary>What is at a path; symbolic links are not followed.</summary>
internal sealed partial record PathStat(PathKind Kind, uint Owner, UnixFileMode Mode, ulong Inode, ulong Device)
{
    public bool IsSameFile(PathStat other) => Inode == other.Inode && Device == other.Device;

    public string Describe() => Kind switch
    {
        PathKind.Directory => "a directory",
        PathKind.File => "a file",
        PathKind.SymbolicLink => "a symbolic link",
        PathKind.Socket => "a socket",
        _ => "a special file",
    };
}
