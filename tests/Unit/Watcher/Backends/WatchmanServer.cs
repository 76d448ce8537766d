using System.Diagnostics;
using System.Net.Sockets;
using Supervisor.Tree.Harness;
using Supervisor.Unit.Watcher.Sources;

namespace Supervisor.Unit.Watcher.Backends;

/// <summary>A private Watchman server in its own folder. Disposing ends it and proves that it is gone.</summary>
internal sealed class WatchmanServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("supervisor-watchman-");
    private Process? _process;

    private WatchmanServer()
    {
    }

    public string Socket => Path.Combine(_home.FullName, "sock");

    public static async Task<WatchmanServer> StartAsync()
    {
        var server = new WatchmanServer();
        await server.BeginAsync();
        return server;
    }

    /// <summary>A server on the same socket; the one before has to be dead.</summary>
    public async Task BeginAsync()
    {
        var start = new ProcessStartInfo("watchman", [
            "--foreground", $"--sockname={Socket}", $"--logfile={_home.FullName}/log", $"--statefile={_home.FullName}/state",
            $"--pidfile={_home.FullName}/pid", "--no-save-state",
        ])
        {
            UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true,
        };

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.BeAsync(() => _process.HasExited || Answers());
        _process.HasExited.Should().BeFalse("the server has to come up");
    }

    public void Kill() => Signal("KILL");

    /// <summary>Its socket takes connections and answers nothing.</summary>
    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    /// <summary>Makes it lose track, as an overflow in Watchman would.</summary>
    public void Recrawl(string root) => Run("watchman", "--no-spawn", $"--sockname={Socket}", "debug-recrawl", root);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            Kill();

        await _process!.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
        _home.Delete(recursive: true);
    }

    private bool Answers()
    {
        using var probe = new System.Net.Sockets.Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(Socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Signal(string signal)
    {
        Run("/bin/kill", $"-{signal}", $"{_process!.Id}");

        if (signal == "KILL")
            _process.WaitForExit(Patience).Should().BeTrue();
    }

    private static void Run(string program, params string[] arguments) =>
        ForeignProgram.RunChecked(CliWrap.Cli.Wrap(program).WithArguments(arguments), Patience);
}
