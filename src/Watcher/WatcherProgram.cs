using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Supervisor.Watcher.Links;
using Supervisor.Wire;
using Supervisor.Wire.Pipes;

namespace Supervisor.Watcher;

/// <summary>The process <c>supervisor-watcher [PID_OF_ITS_PARENT]</c>, with the listening socket at descriptor 3.</summary>
[SupportedOSPlatform("linux")]
public static class WatcherProgram
{
    /// <summary>The spawner binds, listens, and leaves the socket here: the pipe can be connected to before we run.</summary>
    private const int InheritedSocket = 3;

    /// <summary>Once, first thing in Main.</summary>
    /// <param name="arguments">The pid of the parent that spawns it, or none.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        using var log = Log.Open(Environment.GetEnvironmentVariable(Log.FolderVariable));

        if (!DeathWatch.TryArm(arguments is [var parent] ? int.Parse(parent, CultureInfo.InvariantCulture) : null))
            return (int)ExitCode.Failed;

        try
        {
            return await ServeAsync(log);
        }
#pragma warning disable CA1031 // The last place that can write down why: the process ends with it, and the parent starts another.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            log.Failed(exception);
            return (int)ExitCode.Failed;
        }
    }

    private static async Task<int> ServeAsync(Log log)
    {
        using var stopping = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stopping.Cancel();
        });

        using var listener = PipeListener.FromInherited(InheritedSocket);
        using var timers = new TimerThread();
        log.Started(Environment.ProcessId);
        var exitCode = await new ParentServer(listener, log, timers).RunAsync(stopping.Token);
        log.Ended(exitCode);
        return exitCode;
    }
}
