using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Supervisor.Host;

/// <summary>The log of a host: one method per event. A log that cannot be written stops nothing.</summary>
internal sealed class Log : IDisposable
{
    private const int MaxBytes = 1_000_000;
    private const int MaxFiles = 3;

    private readonly string _service;
    private readonly Logger _log;

    /// <param name="folder">null: nothing is written.</param>
    public Log(string service, string? folder)
    {
        _service = service;
        var configuration = new LoggerConfiguration().MinimumLevel.Debug();
        _log = (folder is null ? configuration : configuration.WriteTo.File(
            Path.Combine(folder, $"host-{service}.log"), fileSizeLimitBytes: MaxBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: MaxFiles))
            .CreateLogger();
    }

    public void HostStarted(int pid, string killRung) => Write(LogEventLevel.Information, nameof(HostStarted),
        "Host {Pid} of {Service} started; its server is killed by {KillRung}.", pid, _service, killRung);

    public void HostExited() => Write(LogEventLevel.Information, nameof(HostExited), "The host of {Service} exits; its server has stopped.", _service);

    public void LeftoversKilled(bool proven) => Write(LogEventLevel.Warning, nameof(LeftoversKilled),
        "{Service}: leftover processes of an earlier host were killed (proven gone: {Proven}).", _service, proven);

    public void LedgerEntryWritten(LedgerEntry entry) => Write(LogEventLevel.Information, nameof(LedgerEntryWritten),
        "{Service}: {What} ({Cause}), generation {Generation}, pid {Pid}. {Detail}", _service, entry.Event, entry.Cause, entry.Generation,
        entry.Pid ?? 0, entry.Detail ?? "");

    public void ParentAccepted(int pid, long epoch) => Write(LogEventLevel.Information, nameof(ParentAccepted),
        "{Service}: parent {Pid} of epoch {Epoch} said hello.", _service, pid, epoch);

    public void ParentRefused(long epoch, long highest) => Write(LogEventLevel.Warning, nameof(ParentRefused),
        "{Service}: a parent of epoch {Epoch} was refused: epoch {Highest} has taken over.", _service, epoch, highest);

    public void ParentLost(string why) => Write(LogEventLevel.Warning, nameof(ParentLost), "{Service}: the parent is gone: {Why}.", _service, why);

    public void OrphanGraceExpired() => Write(LogEventLevel.Warning, nameof(OrphanGraceExpired),
        "{Service}: no parent connected within the orphan grace; the server is stopped and the host exits.", _service);

    public void SignalReceived(string signal) => Write(LogEventLevel.Information, nameof(SignalReceived),
        "{Service}: {Signal} received; the server is stopped and the host exits.", _service, signal);

    public void FileWriteFailed(string path, string why) => Write(LogEventLevel.Warning, nameof(FileWriteFailed),
        "{Service}: {Path} could not be written: {Why}", _service, path, why);

    public void FileReadFailed(string why) => Write(LogEventLevel.Warning, nameof(FileReadFailed),
        "{Service}: what an earlier host left could not be read: {Why}", _service, why);

    public void HandlerFailed(string method, Exception bug) => Write(LogEventLevel.Error, nameof(HandlerFailed),
        "{Service}: {Method} failed: {Bug}", _service, method, bug.ToString());

    public void TurnedAway(int pid, uint uid, string why) => Write(LogEventLevel.Warning, nameof(TurnedAway),
        "{Service}: a connection of pid {Pid}, user {Uid} was refused: {Why}", _service, pid, uid, why);

    public void Dispose() => _log.Dispose();

    // Only scalars as properties: destructuring prints {} in a native build.
    private void Write(LogEventLevel level, string name, string template, params object[] values) =>
        _log.ForContext("Event", name).Write(level, template, values);
}
