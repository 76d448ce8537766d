using System.ComponentModel;
using Supervisor.Processes;

namespace Supervisor.Cli.Doctor;

/// <summary>What a run that was killed has left: a runtime folder and maybe processes.</summary>
/// <param name="ConfigFolder">Of its configuration; null: no service had been started.</param>
internal sealed record DeadRun(RuntimeDirectory Runtime, string? ConfigFolder, IReadOnlyList<LeftProcess> Processes)
{
    public static DeadRun Read(KnownTree tree) => new(
        tree.Runtime, tree.Launches.Select(host => host.Launch.ConfigFolder).FirstOrDefault(),
        [.. DeadService.Of(tree).SelectMany(service => service.Processes())]);

    public static async Task<Cleaned> CleanAsync(IEnumerable<KnownTree> trees, TimeProvider time, CancellationToken cancellationToken)
    {
        var cleaned = new Cleaned([], [], []);

        foreach (var tree in trees.Where(tree => !tree.IsLive))
        {
            var one = await CleanAsync(tree, time, cancellationToken);
            cleaned = new Cleaned([.. cleaned.Processes, .. one.Processes], [.. cleaned.Folders, .. one.Folders], [.. cleaned.Failures, .. one.Failures]);
        }

        return cleaned;
    }

    private static async Task<Cleaned> CleanAsync(KnownTree tree, TimeProvider time, CancellationToken cancellationToken)
    {
        var root = tree.Runtime.Root;

        try
        {
            // No parent starts while it is held. Without a state folder the tree had another one, where no start from here looks.
            using var held = Directory.Exists(tree.Runtime.StateRoot) ? FileLock.TryAcquire(tree.Runtime.Lock) : null;

            if ((held is null && Directory.Exists(tree.Runtime.StateRoot)) || await KnownTree.IsLiveAsync(tree.Runtime, time, cancellationToken))
                return new Cleaned([], [], [$"{root}: its tree has been started meanwhile; it is left alone"]);

            var services = DeadService.Of(tree);
            var before = services.SelectMany(service => service.Processes()).ToArray();

            // A server can start a tree of its own, which lives in the server's cgroup.
            if (before.FirstOrDefault(process => new TreeAddress(root, process.Pid).IsParentAlive) is { } parent)
                return new Cleaned([], [], [$"{root}: one of its servers has started a tree that runs ({Shown(parent)}); stop that tree first"]);

            await Task.WhenAll(services.Select(service => service.EndAsync(time)));
            var after = services.SelectMany(service => service.Processes()).Select(process => process.Pid).ToHashSet();
            List<string> failures = [.. before.Where(process => after.Contains(process.Pid)).Select(process => $"{Shown(process)} could not be ended")];

            if (after.Count == 0)
                tree.Runtime.Remove((path, why) => failures.Add($"{path} cannot be removed: {why}"));

            return new Cleaned([.. before.Where(process => !after.Contains(process.Pid))], Directory.Exists(root) ? [] : [root], failures);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or Win32Exception)
        {
            return new Cleaned([], [], [$"{root}: {failure.Message}"]);
        }
    }

    public static string Shown(LeftProcess process) => $"{process.Service}: {process.Command} (pid {process.Pid})";
}
