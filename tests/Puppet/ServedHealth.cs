namespace Supervisor.Puppet;

/// <summary>Counts the requests to another content in a file, and is sick while a file exists.</summary>
internal sealed class ServedHealth(IServed content, PuppetOptions options) : IServed
{
    private readonly Lock _lock = new();

    public Answer Answer(string request)
    {
        if (options.Requests is { } log)
        {
            lock (_lock)
                File.AppendAllText(log, request + "\n");
        }

        return File.Exists(options.SickWhile) ? new Answer("503 Service Unavailable", "", () => { }) : content.Answer(request);
    }

    public ValueTask DisposeAsync() => content.DisposeAsync();
}
