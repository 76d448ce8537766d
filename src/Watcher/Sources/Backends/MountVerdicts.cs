using System.Runtime.Versioning;
using Supervisor.Filtering;

namespace Supervisor.Watcher.Sources.Backends;

/// <summary>What has been found out about each mounted file system that watched directories lie on. Not thread-safe: the work loop owns it.</summary>
[SupportedOSPlatform("linux")]
internal sealed class MountVerdicts(WatchBackend configured)
{
    private readonly Dictionary<ulong, Finding> _findings = [];
    private MountTable _mounts = MountTable.Empty;
    private (ulong Device, MountVerdict Verdict)? _last;

    /// <summary>Evidence stays; what was taken for granted is asked again.</summary>
    public void Use(MountTable mounts)
    {
        _mounts = mounts;
        _last = null;

        foreach (var device in _findings.Keys)
        {
            if (mounts.TypeOf(device) != _findings[device].Type)
                _findings.Remove(device);
        }
    }

    /// <summary>By the device of a directory. Allocates nothing for the device of the call before.</summary>
    public MountVerdict Of(ulong device, ReadOnlySpan<char> directory)
    {
        if (_last is { } last && last.Device == device)
            return last.Verdict;

        if (!_findings.TryGetValue(device, out var finding))
        {
            var type = _mounts.TypeOf(device);
            finding = new Finding(type, directory.ToString(), BackendChoice.Decide(configured, type, CanaryFinding.NotProbed));
            _findings.Add(device, finding);
        }

        _last = (device, finding.Verdict);
        return finding.Verdict;
    }

    /// <summary>True: what was believed of the file system no longer holds.</summary>
    public bool Note(ulong device, CanaryFinding canary)
    {
        if (!_findings.TryGetValue(device, out var finding) || finding.Verdict is MountVerdict.Polled)
            return false;

        _last = null;
        _findings[device] = finding with { Verdict = BackendChoice.Decide(configured, finding.Type, canary) };
        return _findings[device].Verdict is MountVerdict.Polled;
    }

    /// <summary>Where a probe has to be made, with one of its directories; the one that was met first.</summary>
    public IReadOnlyList<(ulong Device, string Directory)> Unproven =>
        [.. _findings.Where(pair => pair.Value.Verdict is MountVerdict.Unproven).Select(pair => (pair.Key, pair.Value.Directory))];

    /// <summary>The mounts beneath the path, itself left out, that have watched directories and are polled: each with the reason.</summary>
    public IReadOnlyList<string> PolledBeneath(string root)
    {
        List<string>? polled = null;

        foreach (var mount in _findings.Count > 1 ? _mounts.Beneath(root) : [])
        {
            if (mount.Point != root && _findings.TryGetValue(mount.Device, out var finding) && finding.Verdict is MountVerdict.Polled(var reason))
                (polled ??= []).Add($"{FileName.Printable(mount.Point)}, {reason}");
        }

        return polled ?? (IReadOnlyList<string>)[];
    }

    public string Name(ulong device) =>
        _findings.TryGetValue(device, out var finding) ? FileName.Printable(finding.Directory) : "a file system";

    private sealed record Finding(string? Type, string Directory, MountVerdict Verdict);
}
