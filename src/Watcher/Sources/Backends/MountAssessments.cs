using System.Runtime.Versioning;
using Supervisor.Filtering;

namespace Supervisor.Watcher.Sources.Backends;

/// <summary>The assessment of each mounted file system with watched directories. Not thread-safe: the work loop owns it.</summary>
[SupportedOSPlatform("linux")]
internal sealed class MountAssessments(WatchBackend configured)
{
    private readonly Dictionary<ulong, Finding> _findings = [];
    private MountTable _mounts = MountTable.Empty;
    private (ulong Device, MountAssessment Assessment)? _last;

    /// <summary>Keeps the assessments of devices whose file system type is unchanged.</summary>
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
    public MountAssessment Of(ulong device, ReadOnlySpan<char> directory)
    {
        if (_last is { } last && last.Device == device)
            return last.Assessment;

        if (!_findings.TryGetValue(device, out var finding))
        {
            var type = _mounts.TypeOf(device);
            finding = new Finding(type, directory.ToString(), BackendChoice.Decide(configured, type, CanaryResult.NotProbed));
            _findings.Add(device, finding);
        }

        _last = (device, finding.Assessment);
        return finding.Assessment;
    }

    /// <summary>True: the file system has to be polled from now on.</summary>
    public bool Note(ulong device, CanaryResult canary)
    {
        if (!_findings.TryGetValue(device, out var finding) || finding.Assessment is MountAssessment.Polled)
            return false;

        _last = null;
        _findings[device] = finding with { Assessment = BackendChoice.Decide(configured, finding.Type, canary) };
        return _findings[device].Assessment is MountAssessment.Polled;
    }

    /// <summary>The devices that need a probe, each with the directory that was found first.</summary>
    public IReadOnlyList<(ulong Device, string Directory)> Unproven =>
        [.. _findings.Where(pair => pair.Value.Assessment is MountAssessment.Unproven).Select(pair => (pair.Key, pair.Value.Directory))];

    /// <summary>The mounts beneath the path, itself left out, that have watched directories and are polled: each with the reason.</summary>
    public IReadOnlyList<string> PolledBeneath(string root)
    {
        List<string>? polled = null;

        foreach (var mount in _findings.Count > 1 ? _mounts.Beneath(root) : [])
        {
            if (mount.Point != root && _findings.TryGetValue(mount.Device, out var finding) && finding.Assessment is MountAssessment.Polled(var reason))
                (polled ??= []).Add($"{FileName.Printable(mount.Point)}, {reason}");
        }

        return polled ?? (IReadOnlyList<string>)[];
    }

    public string Name(ulong device) =>
        _findings.TryGetValue(device, out var finding) ? FileName.Printable(finding.Directory) : "a file system";

    private sealed record Finding(string? Type, string Directory, MountAssessment Assessment);
}

/// <summary>Whether inotify events suffice for the directories of one mounted file system.</summary>
internal abstract record MountAssessment
{
    /// <summary>They suffice.</summary>
    /// <param name="Remark">A remark for the status; null: none.</param>
    internal sealed record Trusted(string? Remark) : MountAssessment;

    /// <summary>Assumed to suffice until a probe file decides.</summary>
    internal sealed record Unproven : MountAssessment;

    /// <summary>They have to be polled; events only help.</summary>
    internal sealed record Polled(string Reason) : MountAssessment;
}
