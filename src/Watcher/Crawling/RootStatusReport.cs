using System.Runtime.Versioning;
using Supervisor.Filtering;
using Supervisor.Watcher.Sources.Backends;

namespace Supervisor.Watcher.Crawling;

/// <summary>Reports for every watch path which backend watches it and why. Not thread-safe: the work loop owns it.</summary>
[SupportedOSPlatform("linux")]
internal sealed class RootStatusReport(
    StateMap map, TreeReader reader, WatchTable watches, Backends backends, WatcherHello hello, IReadOnlyList<string> roots)
{
    // Counting stops here: a larger number is shown as at least this many.
    private const int CountedAtMost = 10_000;

    public IReadOnlyList<RootStatus> Describe(bool hasKernel)
    {
        var nodes = roots.Select(root => reader.Resolve(root)).ToArray();
        var refused = CountRefused(nodes);

        return [.. roots.Select((root, i) => BackendChoice.Describe(
            FileName.Printable(root), hello.Settings.Backend, hello.Degraded, FactsOf(root, nodes[i], refused[i], hasKernel)))];
    }

    private RootFacts FactsOf(string root, int node, int refused, bool hasKernel)
    {
        var device = node == 0 ? 0 : map.DeviceOf(node);
        var mount = device == 0 ? new MountAssessment.Trusted(Remark: null) : backends.Mounts.Of(device, root);

        return new RootFacts(
            hasKernel, mount, backends.Mounts.PolledBeneath(root), refused, watches.Watched, backends.Trees.For(root)?.Backend,
            backends.Trees.ErrorOf(root));
    }

    private int[] CountRefused(int[] nodes)
    {
        var counts = new int[nodes.Length];

        foreach (var refused in watches.Refused.Take(CountedAtMost))
        {
            for (var node = refused; node != 0; node = node == StateMap.Root ? 0 : map[node].Parent)
            {
                if (Array.IndexOf(nodes, node) is var root and >= 0)
                    counts[root]++;
            }
        }

        return counts;
    }
}
