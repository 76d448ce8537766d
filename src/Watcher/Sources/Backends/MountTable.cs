using System.Globalization;

namespace Supervisor.Watcher.Sources.Backends;

/// <summary>One mount as this process sees it.</summary>
/// <param name="Number">The kernel's; another one after the same thing was mounted anew.</param>
/// <param name="Device">Major number in the upper half, minor in the lower, as in a file's state.</param>
/// <param name="Point">Absolute path.</param>
/// <param name="Type">ext4, nfs4, fuse.sshfs …</param>
internal readonly record struct Mount(int Number, ulong Device, string Point, string Type);

/// <summary>What <c>/proc/self/mountinfo</c> says (proc_pid_mountinfo(5)). Immutable; any thread.</summary>
internal sealed class MountTable
{
    public static readonly MountTable Empty = new([]);

    private readonly Mount[] _mounts;

    private MountTable(Mount[] mounts) => _mounts = mounts;

    /// <summary>Lines that make no sense are passed over: a kernel may one day write others.</summary>
    public static MountTable Parse(string text) =>
        new([.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(ParseLine).OfType<Mount>()]);

    /// <summary>Null for a device that no mount has (a btrfs subvolume has one of its own).</summary>
    public string? TypeOf(ulong device) => Array.FindLast(_mounts, mount => mount.Device == device) is { Type: { } type } ? type : null;

    /// <summary>Where something may be mounted over the path or beneath it, in the kernel's order.</summary>
    public IEnumerable<Mount> Touching(string path) => _mounts.Where(mount => IsBeneath(mount.Point, path) || IsBeneath(path, mount.Point));

    /// <summary>The paths of the device's mounts that lie at or beneath the path.</summary>
    public IEnumerable<Mount> Beneath(string path) => _mounts.Where(mount => IsBeneath(mount.Point, path));

    internal static bool IsBeneath(ReadOnlySpan<char> path, ReadOnlySpan<char> folder) =>
        folder is "/" || (path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/'));

    // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue: any number of optional fields before the dash.
    private static Mount? ParseLine(string line)
    {
        var fields = line.Split(' ');
        var dash = Array.IndexOf(fields, "-");

        if (dash < 6 || dash + 1 >= fields.Length || !int.TryParse(fields[0], CultureInfo.InvariantCulture, out var number))
            return null;

        return TryParseDevice(fields[2], out var device) ? new Mount(number, device, Unescaped(fields[4]), fields[dash + 1]) : null;
    }

    private static bool TryParseDevice(string text, out ulong device)
    {
        device = 0;
        var colon = text.IndexOf(':', StringComparison.Ordinal);

        if (colon < 0
            || !uint.TryParse(text.AsSpan(0, colon), CultureInfo.InvariantCulture, out var major)
            || !uint.TryParse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var minor))
        {
            return false;
        }

        device = ((ulong)major << 32) | minor;
        return true;
    }

    // Space, tab, newline and backslash are written as three octal digits.
    private static string Unescaped(string path)
    {
        if (!path.Contains('\\', StringComparison.Ordinal))
            return path;

        var text = new System.Text.StringBuilder(path.Length);

        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '\\' && i + 3 < path.Length && path.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                text.Append((char)(((path[i + 1] - '0') * 64) + ((path[i + 2] - '0') * 8) + path[i + 3] - '0'));
                i += 3;
            }
            else
            {
                text.Append(path[i]);
            }
        }

        return text.ToString();
    }
}
