using System.Diagnostics;
using Supervisor.Tree.Harness;

namespace Supervisor.Unit.Watcher.Sources;

/// <summary>A real mount. Disposing takes it away; unmounting twice is none.</summary>
internal sealed class MountedFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process? _server;
    private bool _isMounted = true;

    private MountedFolder(string path, Process? server) => (Path, _server) = (path, server);

    public string Path { get; }

    public static MountedFolder Mount(string path, params string[] arguments)
    {
        Directory.CreateDirectory(path);
        Run("mount", [.. arguments, path]);
        return new MountedFolder(path, server: null);
    }

    /// <summary>A file system in user space that passes everything on to the folder behind it.</summary>
    public static MountedFolder Bindfs(string behind, string path)
    {
        Directory.CreateDirectory(path);
        var server = Process.Start(new ProcessStartInfo("bindfs", ["-f", behind, path]))!;

        if (!SpinWait.SpinUntil(() => IsMountPoint(path) || server.HasExited, Patience) || server.HasExited)
            throw new InvalidOperationException($"bindfs did not mount {path}.");

        return new MountedFolder(path, server);
    }

    public void Remount(string options) => Run("mount", "-o", $"remount,{options}", Path);

    public void Unmount()
    {
        if (!_isMounted)
            return;

        _isMounted = false;
        Run("umount", "--lazy", Path);

        if (_server is null)
            return;

        using (_server)
            _server.WaitForExit(Patience).Should().BeTrue("a file system in user space ends with its mount");
    }

    public void Dispose() => Unmount();

    private static bool IsMountPoint(string path)
    {
        Thread.Sleep(5);
        return File.ReadLines("/proc/self/mountinfo").Any(line => line.Contains($" {path} ", StringComparison.Ordinal));
    }

    private static void Run(string program, params string[] arguments) =>
        ForeignProgram.RunChecked(CliWrap.Cli.Wrap(program).WithArguments(arguments), Patience);
}
