using System.Text;

namespace Supervisor.Client;

/// <summary>
/// The paths of one tree's pipes, lock and state. The same configuration path gives the same state folder. Its pipes are where the newest parent had them,
/// while that folder exists, so that all shells of the user find them; otherwise where the environment puts them.
/// </summary>
public sealed class RuntimeDirectory
{
    /// <summary>Longest path of a socket. The kernel allows 107 bytes on Linux and 103 on macOS.</summary>
    public const int MaxPathBytes = 100;

    private const string OverrideVariable = "SUPERVISOR_RUNTIME_DIR";

    // "/ID/hosts/" and a service's hashed name with ".sock".
    private const int MaxSocketSuffix = 1 + StableHash.Length + 7 + StableHash.Length + 5;

    private readonly string _base;
    private readonly string _stateBase;

    private RuntimeDirectory(string id, string root, string stateRoot)
    {
        Id = id;
        Root = root;
        StateRoot = stateRoot;
        _base = Path.GetDirectoryName(root)!;
        _stateBase = Path.GetDirectoryName(stateRoot)!;
    }

    /// <summary>12 hexadecimal digits made from the absolute configuration path.</summary>
    public string Id { get; }

    public string Root { get; }

    /// <summary>Files that outlive a reboot: logs and restart ledgers.</summary>
    public string StateRoot { get; }

    public string ControlSocket => Path.Combine(Root, "control.sock");

    /// <summary>Held by the parent. In the state folder: another runtime folder makes no second tree.</summary>
    public string Lock => Path.Combine(StateRoot, "lock");

    /// <summary>The <see cref="TreeAddress"/>.</summary>
    public string Address => AddressIn(StateRoot);

    /// <summary>A parent runs, also when its pipe cannot be found at this moment.</summary>
    public bool HasParent => TreeAddress.TryRead(Address) is { IsParentAlive: true };

    public string Hosts => Path.Combine(Root, "hosts");

    public string WatcherSocket => Path.Combine(Root, "watcher.sock");

    public string WatcherSnapshot => Path.Combine(Root, "watcher.snapshot");

    /// <summary>The parent's record of what has been applied.</summary>
    public string Applied => Path.Combine(Root, "applied.json");

    public string Epoch => Path.Combine(StateRoot, "epoch");

    public string Logs => Path.Combine(StateRoot, "logs");

    /// <summary>Beside the ledgers of the services, none of which may be called "watcher".</summary>
    public string WatcherLedger => Path.Combine(Logs, "watcher.ledger.jsonl");

    /// <summary>Reads the tree's address. Throws <see cref="RuntimeDirectoryException"/> when SUPERVISOR_RUNTIME_DIR cannot be used.</summary>
    public static RuntimeDirectory For(string configPath) => For(configPath, Environment.GetEnvironmentVariable, PeerCredentials.OwnUid);

    internal static RuntimeDirectory For(string configPath, Func<string, string?> environment, uint uid)
    {
        var id = StableHash.Of(Path.GetFullPath(configPath));
        var stateRoot = Path.Combine(StateBase(environment), id);
        var root = TreeAddress.TryRead(AddressIn(stateRoot)) is { RuntimeFolder: var known } && Directory.Exists(known)
            ? known
            : Path.Combine(RuntimeBase(environment, uid), id);
        return new RuntimeDirectory(id, root, stateRoot);
    }

    /// <summary>
    /// All trees of this user that this environment leads to and that have a folder of this user for their pipes: those that run, and what killed ones have left. Throws
    /// <see cref="RuntimeDirectoryException"/> when SUPERVISOR_RUNTIME_DIR cannot be used.
    /// </summary>
    public static IReadOnlyList<RuntimeDirectory> OfThisUser() => OfThisUser(Environment.GetEnvironmentVariable, PeerCredentials.OwnUid);

    internal static IReadOnlyList<RuntimeDirectory> OfThisUser(Func<string, string?> environment, uint uid)
    {
        var (runtimeBase, stateBase) = (RuntimeBase(environment, uid), StateBase(environment));
        var known = Ids(stateBase).Select(id => (Id: id, Root: TreeAddress.TryRead(AddressIn(Path.Combine(stateBase, id)))?.RuntimeFolder));
        var found = Ids(runtimeBase).Select(id => (Id: id, Root: (string?)Path.Combine(runtimeBase, id)));

        return [.. known.Concat(found).Where(tree => tree.Root is { } root && PathStat.TryRead(root) is { Kind: PathKind.Directory } stat && stat.Owner == uid).DistinctBy(tree => tree.Root, StringComparer.Ordinal)
            .Select(tree => new RuntimeDirectory(tree.Id, tree.Root!, Path.Combine(stateBase, tree.Id)))];
    }

    /// <summary>For the configuration of a command that is run without one; the same text gives the same folder. It may not exist.</summary>
    public static string FolderOfRun(string configuration) =>
        Path.Combine(StateBase(Environment.GetEnvironmentVariable), "run", StableHash.Of(configuration));

    /// <summary>A name too long for a socket's path is replaced by its hash.</summary>
    public string HostSocket(string service)
    {
        var path = Path.Combine(Hosts, service + ".sock");
        return Encoding.UTF8.GetByteCount(path) <= MaxPathBytes ? path : Path.Combine(Hosts, StableHash.Of(service) + ".sock");
    }

    public string HostState(string service) => Path.Combine(Hosts, service + ".json");

    // Not ".launch.json": a service may be called "web.launch".
    public string HostLaunch(string service) => Path.Combine(Hosts, service + ".launch");

    public string LogFile(string service) => Path.Combine(Logs, service + ".log");

    /// <summary>Creates the directories with mode 0700, or verifies existing ones. Throws <see cref="RuntimeDirectoryException"/>.</summary>
    public void Create()
    {
        PrivateDirectory.EnsureNotWritableByOthers(_base);
        PrivateDirectory.EnsurePrivate(Root);
        PrivateDirectory.EnsurePrivate(Hosts);
        PrivateDirectory.EnsureNotWritableByOthers(_stateBase);
        PrivateDirectory.EnsurePrivate(StateRoot);
        PrivateDirectory.EnsurePrivate(Logs);
    }

    /// <summary>Removes the pipes and the address of a tree that has stopped. What cannot be removed is found and replaced by the next start.</summary>
    /// <param name="notRemoved">Gets the path and the reason.</param>
    public void Remove(Action<string, string> notRemoved)
    {
        try
        {
            File.Delete(Address);
            Directory.Delete(Root, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else has removed it.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            notRemoved(Root, failure.Message);
        }
    }

    internal static void RefuseTooLong(string path)
    {
        var bytes = Encoding.UTF8.GetByteCount(path);

        if (bytes > MaxPathBytes)
            throw new RuntimeDirectoryException($"{path}: the path of a socket may have {MaxPathBytes} bytes, this one has {bytes}.");
    }

    private static IEnumerable<string> Ids(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)).Where(name => name.Length == StableHash.Length && name.All(char.IsAsciiHexDigitLower))
        : [];

    private static string AddressIn(string stateRoot) => Path.Combine(stateRoot, "tree.json");

    private static string RuntimeBase(Func<string, string?> environment, uint uid)
    {
        if (environment(OverrideVariable) is { Length: > 0 } chosen)
        {
            var path = Path.GetFullPath(chosen);

            return Fits(path)
                ? path
                : throw new RuntimeDirectoryException(
                    $"{path}: {OverrideVariable} may have {MaxPathBytes - MaxSocketSuffix} bytes, because the path of a socket is limited. Choose a shorter one.");
        }

        // XDG: a relative path is to be ignored.
        return environment("XDG_RUNTIME_DIR") is { } xdg && Path.IsPathFullyQualified(xdg) && Fits(Path.Combine(xdg, "supervisor"))
            ? Path.Combine(xdg, "supervisor")
            : $"/tmp/supervisor-{uid}";
    }

    private static string StateBase(Func<string, string?> environment)
    {
        if (environment("XDG_STATE_HOME") is { } xdg && Path.IsPathFullyQualified(xdg))
            return Path.Combine(xdg, "supervisor");

        var home = environment("HOME") is { Length: > 0 } set ? set : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.Combine(home, ".local", "state", "supervisor");
    }

    private static bool Fits(string path) => Encoding.UTF8.GetByteCount(path) <= MaxPathBytes - MaxSocketSuffix;
}
