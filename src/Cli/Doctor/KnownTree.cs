using Supervisor.Processes;
using Supervisor.Wire.Records;

namespace Supervisor.Cli.Doctor;

/// <summary>One tree of this user with its runtime folder: it runs, or a killed run has left it.</summary>
internal sealed record KnownTree(RuntimeDirectory Runtime, bool IsLive)
{
    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(1);

    /// <summary>All that this environment leads to. Of two folders of one tree, both count as live if one is: their processes have the same tags.</summary>
    public static async Task<IReadOnlyList<KnownTree>> FindAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(RuntimeDirectory.OfThisUser()
            .Select(async runtime => new KnownTree(runtime, await IsLiveAsync(runtime, time, cancellationToken))));
        var live = found.Where(tree => tree.IsLive).Select(tree => tree.Runtime.Id).ToHashSet(StringComparer.Ordinal);
        return [.. found.Select(tree => tree with { IsLive = live.Contains(tree.Runtime.Id) })];
    }

    /// <summary>The launch files of its hosts, by path.</summary>
    public IReadOnlyList<(string Path, HostLaunch Launch)> Launches => LaunchesIn(Runtime);

    /// <summary>
    /// A parent has its address in the state folder and its pipe in the runtime folder, and its hosts are its children. Each alone may be missing: another
    /// shell may lead to another state folder, and somebody may have emptied the runtime folder.
    /// </summary>
    public static async Task<bool> IsLiveAsync(RuntimeDirectory runtime, TimeProvider time, CancellationToken cancellationToken) =>
        runtime.HasParent || await HasPipeAsync(runtime, time, cancellationToken)
        || LaunchesIn(runtime).Select(host => HostMark(host.Path)).OfType<ProcessIdentity>().Any(host => host.IsAlive
            && ProcessTag.Parent(host.Pid) is { } above && new TreeAddress(runtime.Root, above).IsParentAlive);

    /// <summary>The recorded process of a host; null: its parent died before it recorded one.</summary>
    public static ProcessIdentity? HostMark(string launchPath) =>
        RecordFile.TryRead(Path.ChangeExtension(launchPath, ".mark"), ContractJson.Default.ProcessMark) is { } mark ? Identity(mark) : null;

    public static ProcessIdentity Identity(ProcessMark mark) => new(mark.Pid, mark.PidfdInode, mark.BootId);

    private static IReadOnlyList<(string Path, HostLaunch Launch)> LaunchesIn(RuntimeDirectory runtime) => !Directory.Exists(runtime.Hosts)
        ? []
        : [.. from path in Directory.EnumerateFiles(runtime.Hosts, "*.launch").Order(StringComparer.Ordinal)
              let launch = RecordFile.TryRead(path, ContractJson.Default.HostLaunch)
              where launch is not null
              select (path, launch)];

    private static async Task<bool> HasPipeAsync(RuntimeDirectory runtime, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await using var pipe = await PipeClient.ConnectAsync(runtime.ControlSocket, ConnectDeadline, time, cancellationToken);
            return true;
        }
        catch (PipeUnavailableException unavailable)
        {
            // A parent that hangs lives.
            return unavailable.Reason == PipeUnavailable.NotAnswering;
        }
    }
}
