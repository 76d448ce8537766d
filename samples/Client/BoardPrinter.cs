using Supervisor.Client;

namespace Supervisor.ClientSample;

/// <summary>Prints the state of each service once, then after each change. Not thread-safe.</summary>
internal sealed class BoardPrinter(TextWriter output)
{
    private readonly Dictionary<string, string> _printed = new(StringComparer.Ordinal);

    /// <summary>Returns when no more boards come: the link has ended.</summary>
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

        // A board contains all services; unchanged ones are not printed again.
        if (_printed.GetValueOrDefault(service.Name) == line)
            return;

        _printed[service.Name] = line;
        output.WriteLine(line);
    }
}
