using System.Net.Sockets;
using System.Text;
using Supervisor.Tree.Harness;

namespace Supervisor.Stress.Faults;

/// <summary>
/// A C library that is compiled for a run and preloaded into the processes of its tree only. On command it corrupts the native heap of a process, leaks
/// memory or spins, for real. The product contains no support for it. Thread-safe.
/// </summary>
internal sealed class FaultHook
{
    private static readonly string Source = Path.Combine(Executables.Repository, "stress/Faults/hook.c");

    private readonly string? _folder;

    private FaultHook(string? folder) => _folder = folder;

    /// <summary>What is missing on this machine to build it; null: nothing.</summary>
    public static string? Missing { get; } = IsOnPath("gcc") ? null : "a C compiler (gcc)";

    /// <summary>Every process that the tree starts from now on loads the hook. Without a compiler there is no hook, and no command can be sent.</summary>
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

    /// <summary>Sends a command of hook.c with its numbers: "abort", "leak 40 512". false: no process receives it.</summary>
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
            return false; // The process has ended or is not a watcher.
        }
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
