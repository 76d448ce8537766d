using Supervisor.Client;

namespace Supervisor.ClientSample;

/// <summary>Prints each service's state once, then whenever it changes. Not thread-safe.</summary>
internal sealed class BoardPrinter(TextWriter output)
{
    private readonly Dictionary<string, string> _printed = new(StringComparer.Ordinal);

    /// <summary>Returns when there are no more boards: the link has ended.</summary>
    public async Task RunAsync(IAsyncEnumerable<StatusReport> boards)
    {
        await foreach (var board in boards)
        {
            foreach (var service in board.Services)
                Print(service);
        }
    }

    private void Print(ServiceStatus service)
    {
        var line = $"{service.Name}: {service.State}, generation {service.Generation}"
            + (service.Pid is { } pid ? $", pid {pid}" : "")
            + (service.Reason is { } reason ? $" ({reason})" : "");

        // A board says everything each time: of a service that is as it was, there is no news.
        if (_printed.GetValueOrDefault(service.Name) == line)
            return;

        _printed[service.Name] = line;
        output.WriteLine(line);
    }
}
