using System.Net.Sockets;
using System.Text;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Faults;

/// <summary>
/// A C library, compiled when a run wants it and preloaded into the run's own tree only: in the process that is told to, it breaks the native heap, leaks or
/// spins, for real. The product knows nothing of it. Thread-safe.
/// </summary>
internal sealed class FaultHook
{
    private static readonly string Source = Path.Combine(Executables.Repository, "stress/Faults/hook.c");

    private readonly string? _folder;

    private FaultHook(string? folder) => _folder = folder;

    /// <summary>What this machine lacks to build it; null: nothing.</summary>
    public static string? Missing { get; } = IsOnPath("gcc") ? null : "a C compiler (gcc)";

    /// <summary>Whatever the tree starts from now on carries the hook. On a machine without a compiler there is none: nothing can be sent.</summary>
    public static async Task<FaultHook> InstallAsync(TestTree home)
    {
        if (Missing is not null)
            return new FaultHook(folder: null);

        var folder = Directory.CreateDirectory(
            Path.Combine(home.Root, "hook"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        var library = Path.Combine(folder, "hook.so");
        var built = await home.RunOtherAsync("gcc", "-shared", "-fPIC", "-O0", "-w", "-pthread", "-o", library, Source);
        if (built.ExitCode != 0)
            throw new InvalidOperationException($"{Source} does not compile: {built}");

        var preloaded = new[] { library, Environment.GetEnvironmentVariable("LD_PRELOAD") };
        home["LD_PRELOAD"] = string.Join(':', preloaded.Where(path => path is { Length: > 0 }));
        home["FAULT_FOLDER"] = folder;
        return new FaultHook(folder);
    }

    /// <summary>A command of hook.c, with its numbers: "abort", "leak 40 512". false: nobody there takes it.</summary>
    public bool TrySend(int pid, string command)
    {
        if (_folder is null)
            return false;

        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.SendTo(Encoding.ASCII.GetBytes(command), new UnixDomainSocketEndPoint(Path.Combine(_folder, $"{pid}")));
            return true;
        }
        catch (SocketException)
        {
            return false; // It has died, or it is no watcher: the caller asked to be told.
        }
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
