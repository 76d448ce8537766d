namespace Supervisor.Client;

/// <summary>Creates directories, or checks that existing ones belong to this user and are not open to others.</summary>
internal static class PrivateDirectory
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public static void EnsurePrivate(string path)
    {
        var facts = Ensure(path);

        if (facts.Mode != Private)
            throw new RuntimeDirectoryException($"{path}: other users may enter it (mode {Octal(facts.Mode)}); run: chmod 700 {path}");
    }

    public static void EnsureNotWritableByOthers(string path)
    {
        var facts = Ensure(path);

        if ((facts.Mode & OthersWrite) != UnixFileMode.None)
            throw new RuntimeDirectoryException($"{path}: other users may write to it (mode {Octal(facts.Mode)}); run: chmod go-w {path}");
    }

    private static PathStat Ensure(string path)
    {
        // Checked after it is created: this finds a directory that another process put there in between.
        if (PathStat.TryRead(path) is null)
            Make(path);

        return PathStat.TryRead(path) switch
        {
            null => throw new RuntimeDirectoryException($"{path}: it was removed during the start."),
            { Kind: not PathKind.Directory } other =>
                throw new RuntimeDirectoryException($"{path}: {other.Describe()} is in the way where our directory belongs; move it away."),
            { Owner: var owner } when owner != PeerCredentials.OwnUid =>
                throw new RuntimeDirectoryException(
                    $"{path}: it belongs to user {owner}, not to user {PeerCredentials.OwnUid}; set SUPERVISOR_RUNTIME_DIR to a directory of yours."),
            var ours => ours,
        };
    }

    private static void Make(string path)
    {
        // .NET gives folders that it makes on the way the mode of the umask.
        if (Path.GetDirectoryName(path) is { } above && PathStat.TryRead(above) is null)
            Make(above);

        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, Private);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RuntimeDirectoryException($"{path}: cannot be created: {e.Message}", e);
        }
    }

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');
}
