using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Supervisor.Watcher;

/// <summary>The watcher's own log: one method per event, with the event's name. Never throws: what cannot be written is lost. Thread-safe.</summary>
internal sealed class Log : IDisposable
{
    private const long FileSize = 1024 * 1024;
    private const int Files = 3;

    /// <summary>Names the environment variable with the log folder.</summary>
    public const string FolderVariable = "SUPERVISOR_LOG_DIR";

    private readonly Logger _logger;

    private Log(Logger logger) => _logger = logger;

    /// <param name="folder">Null: nothing is written.</param>
    public static Log Open(string? folder)
    {
        var configuration = new LoggerConfiguration();

        if (!string.IsNullOrEmpty(folder))
        {
            configuration.WriteTo.File(
                Path.Combine(folder, "watcher.log"),
                outputTemplate: "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {Event} {Message:l}{NewLine}{Exception}",
                fileSizeLimitBytes: FileSize,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: Files);
        }

        return new Log(configuration.CreateLogger());
    }

    public void Started(int pid) => Write(LogEventLevel.Information, nameof(Started), "Watcher {Pid} waits for its parent.", pid);

    public void Greeted(long epoch, int roots, string? applied) =>
        Write(LogEventLevel.Information, nameof(Greeted), "Epoch {Epoch}: {Roots} roots to watch, from cursor {Applied} on.", epoch, roots, applied ?? "none");

    public void CrawlEnded(string backend, int directories, int files, TimeSpan took) =>
        Write(LogEventLevel.Information, nameof(CrawlEnded), "Watching {Directories} directories, {Files} files by {Backend}; read in {Took} ms.",
            directories, files, backend, (long)took.TotalMilliseconds);

    /// <summary>Changes were missed, so the whole tree is read again.</summary>
    public void TrackLost(string what, string reason) =>
        Write(LogEventLevel.Warning, nameof(TrackLost), "Lost track ({What}): {Reason}", what, reason);

    public void TookOver(string? applied) =>
        Write(LogEventLevel.Information, nameof(TookOver), "Took over, from cursor {Applied} on.", applied ?? "none");

    public void BatchSent(string cursor, int services) =>
        Write(LogEventLevel.Information, nameof(BatchSent), "Batch {Cursor} for {Services} services.", cursor, services);

    public void Warned(string message) => Write(LogEventLevel.Warning, nameof(Warned), "{Warning}", message);

    public void Unreadable(string directory, int error) =>
        Write(LogEventLevel.Warning, nameof(Unreadable), "{Directory} cannot be read: errno {Error}.", directory, error);

    /// <summary>A link to a folder is not followed.</summary>
    public void LinkRefused(string link, string target, string reason) =>
        Write(LogEventLevel.Information, nameof(LinkRefused), "The link {Link} to {Target} is not followed: {Reason}.", link, target, reason);

    public void Trimmed(long residentBytes) =>
        Write(LogEventLevel.Information, nameof(Trimmed), "Released memory; {ResidentBytes} bytes are resident.", residentBytes);

    public void Draining(int exitCode) =>
        Write(LogEventLevel.Information, nameof(Draining), "Delivering what is settled, then exiting with {ExitCode}.", exitCode);

    public void LinkEnded(string reason) => Write(LogEventLevel.Information, nameof(LinkEnded), "The parent's link has ended: {Reason}", reason);

    public void Ended(int exitCode) => Write(LogEventLevel.Information, nameof(Ended), "Exiting with {ExitCode}.", exitCode);

    public void HandlerFailed(string method, Exception exception) =>
        _logger.ForContext("Event", nameof(HandlerFailed)).Error(exception, "{Method} failed: a bug.", method);

    public void Failed(Exception exception) => _logger.ForContext("Event", nameof(Failed)).Fatal(exception, "The watcher cannot go on.");

    public void Dispose() => _logger.Dispose();

    private void Write(LogEventLevel level, string name, string template, params object?[] properties) =>
        _logger.ForContext("Event", name).Write(level, template, properties);
}
