using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Supervisor.Parent;

/// <summary>The parent's own log: one method per event. A log that cannot be written does not stop the parent.</summary>
internal sealed class Log(string folder) : IDisposable
{
    private readonly Logger _log = new LoggerConfiguration()
        .MinimumLevel.Debug()
        .WriteTo.File(Path.Combine(folder, "parent.log"), rollOnFileSizeLimit: true, fileSizeLimitBytes: 1 << 20, retainedFileCountLimit: 3)
        .CreateLogger();
    public void Started(int pid, long epoch, string config, string killRung) => Write(LogEventLevel.Information, nameof(Started),
        "Parent {Pid} (epoch {Epoch}) of {Config} started; trees are killed by {KillRung}.", pid, epoch, config, killRung);
    public void Stopped() => Write(LogEventLevel.Information, nameof(Stopped), "The tree has stopped; everything it started is gone.");
    public void Asked(string what, string by) => Write(LogEventLevel.Information, nameof(Asked), "{What}, asked by {By}.", what, by);
    public void Spawned(string child, int pid) => Write(LogEventLevel.Information, nameof(Spawned), "{Child}: process {Pid} spawned.", child, pid);
    public void SpawnFailed(string child, string why) => Write(LogEventLevel.Error, nameof(SpawnFailed), "{Child} could not be spawned: {Why}.", child, why);
    public void Exited(string child, int pid, string how) => Write(LogEventLevel.Information, nameof(Exited), "{Child}: process {Pid} {How}.", child, pid, how);
    public void Unlinked(string child, string why) => Write(LogEventLevel.Information, nameof(Unlinked), "{Child}: the link ended: {Why}.", child, why);
    /// <summary>No message for two heartbeat periods or more.</summary>
    public void Silent(string child, int pid, string evidence, bool continued) => Write(LogEventLevel.Warning, nameof(Silent),
        "{Child}: process {Pid} is silent ({Evidence}); it was stopped and was continued: {Continued}.", child, pid, evidence, continued);
    public void Killing(string child, int pid, string why, string evidence) => Write(LogEventLevel.Warning, nameof(Killing),
        "{Child}: process {Pid} is killed: {Why} ({Evidence}).", child, pid, why, evidence);
    public void NotCleared(string service) => Write(LogEventLevel.Error, nameof(NotCleared),
        "{Service}: a process that it started does not end; look for processes in state D.", service);
    public void TurnedAway(int pid, uint uid, string why) => Write(LogEventLevel.Warning, nameof(TurnedAway),
        "A connection of process {Pid}, user {Uid}, was closed: {Why}.", pid, uid, why);
    public void ConnectionFailed(string bug) => Write(LogEventLevel.Error, nameof(ConnectionFailed), "A connection failed because of a bug: {Bug}", bug);
    public void Unanswered(string child, string method, string why) => Write(LogEventLevel.Warning, nameof(Unanswered),
        "{Child} did not answer {Method}: {Why}.", child, method, why);
    public void WatcherWarned(string message) => Write(LogEventLevel.Warning, nameof(WatcherWarned), "Watcher: {Message}", message);
    public void HoldOverdue(string name, string holder, DateTimeOffset since) => Write(LogEventLevel.Warning, nameof(HoldOverdue),
        "Hold {Name} of {Holder}, since {Since}, timed out: changes are delivered again.", name, holder, since);
    public void NotAccessed(string path, string why) => Write(LogEventLevel.Error, nameof(NotAccessed), "{Path} could not be read or written: {Why}.", path, why);
    public void NotRemoved(string path, string why) => Write(LogEventLevel.Error, nameof(NotRemoved), "{Path} could not be removed: {Why}.", path, why);

    public void Dispose() => _log.Dispose();

    // Only scalars as properties: destructuring prints {} in a native build.
    private void Write(LogEventLevel level, string name, string template, params object[] values) =>
        _log.ForContext("Event", name).Write(level, template, values);
}
