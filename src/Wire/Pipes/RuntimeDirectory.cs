namespace Supervisor.Wire.Pipes;

/// <summary>Where one tree keeps its pipes, lock and state. Paths only, apart from <see cref="Create"/>; the same configuration path gives the same ones.</summary>
public sealed class RuntimeDirectory
{
    private RuntimeDirectory(string id, string root, string stateRoot)
    {
        Id = id;
        Root = root;
        StateRoot = stateRoot;
    }

    /// <summary>12 hexadecimal digits made from the absolute configuration path.</summary>
    public string Id { get; }

    public string Root { get; }

    /// <summary>What outlives a reboot: logs and restart ledgers.</summary>
    public string StateRoot { get; }

    public string ControlSocket => Path.Combine(Root, "control.sock");

    public string Lock => Path.Combine(Root, "lock");

    public string Hosts => Path.Combine(Root, "hosts");

    public string WatcherSocket => Path.Combine(Root, "watcher.sock");

    public string WatcherSnapshot => Path.Combine(Root, "watcher.snapshot");

    /// <summary>The parent's record of what has been applied.</summary>
    public string Applied => Path.Combine(Root, "applied.json");

    public string Epoch => Path.Combine(Root, "epoch");

    public string Logs => Path.Combine(StateRoot, "logs");

    public static RuntimeDirectory For(string configPath) => throw new NotSupportedException();

    public string HostSocket(string service) => Path.Combine(Hosts, service + ".sock");

    public string HostState(string service) => Path.Combine(Hosts, service + ".json");

    public string HostLaunch(string service) => Path.Combine(Hosts, service + ".launch.json");

    public string LogFile(string service) => Path.Combine(Logs, service + ".log");

    /// <summary>Makes the directories, 0700, or verifies the ones that are there. Throws <see cref="RuntimeDirectoryException"/>.</summary>
    public void Create() => throw new NotSupportedException();
}
