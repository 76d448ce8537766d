using Serilog;
using Serilog.Core;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Foreground;

namespace Supervisor.Cli;

/// <summary>The log of a foreground run, for when its terminal is closed. One method per event.</summary>
internal sealed class Log : IDisposable
{
    private const int MaxBytes = 1_000_000;
    private const int MaxFiles = 3;

    private readonly Logger _log;

    public Log(TreeLocation location) => _log = new LoggerConfiguration()
        .WriteTo.File(
            Path.Combine(location.Runtime.StateRoot, "processes", "viewer.log"),
            fileSizeLimitBytes: MaxBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: MaxFiles, shared: true)
        .CreateLogger();

    public void RunBegan(int parentPid) => _log.Information("{Event}: this terminal owns the tree of parent {ParentPid}.", nameof(RunBegan), parentPid);

    public void StopAsked(StopStage stage) => _log.Information("{Event}: {Stage}.", nameof(StopAsked), stage.ToString());

    public void ParentLost(int parentPid) => _log.Error("{Event}: parent {ParentPid} died; the servers keep running.", nameof(ParentLost), parentPid);

    public void RunEnded(int exitCode) => _log.Information("{Event}: exit code {ExitCode}.", nameof(RunEnded), exitCode);

    public void Dispose() => _log.Dispose();
}
