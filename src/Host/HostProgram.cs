using System.Runtime.InteropServices;
using System.Text.Json;
using Supervisor.Host.Persistence;
using Supervisor.Processes;
using Supervisor.Wire.Pipes;

namespace Supervisor.Host;

/// <summary>The process <c>supervisor-host LAUNCH_FILE</c>, with the listening socket at descriptor 3.</summary>
public static class HostProgram
{
    private const int ListeningSocket = 3;

    /// <summary>Changes process-wide inherited state, so call it once, first in Main.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        ProcessStartup.Normalise();

        if (arguments is not [var path])
        {
            await Console.Error.WriteLineAsync("usage: supervisor-host LAUNCH_FILE (started by supervisor-parent, not by hand)");
            return (int)ExitCode.BadUsage;
        }

        var launch = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path), ContractJson.Default.HostLaunch)!;
        using var files = new HostFiles(launch, path);

        if (!files.TryLock())
            return (int)ExitCode.TemporaryFailure;

        using var log = new Log(launch.Spec.Name, Environment.GetEnvironmentVariable("SUPERVISOR_LOG_DIR"));
        using var listener = PipeListener.FromInherited(ListeningSocket);
        listener.Rejected = (peer, why) => log.TurnedAway(peer.Pid, peer.Uid, why);
        listener.ServeFailed = bug => log.HandlerFailed("pipe", bug);

        var exitRequested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, RequestExit);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static signal => signal.Cancel = true);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);

        files.Remove(isFinal: await new HostProcess(launch, files, listener, log, TimeProvider.System).RunAsync(exitRequested.Task));
        return (int)ExitCode.Ok;

        void RequestExit(PosixSignalContext signal)
        {
            signal.Cancel = true;
            log.SignalReceived(nameof(PosixSignal.SIGTERM));
            exitRequested.TrySetResult();
        }
    }
}
