using StreamJsonRpc;
using Supervisor.Client;
using Supervisor.ClientSample;

if (args is not [var config, .. { Length: <= 1 } services])
{
    Console.Error.WriteLine("Usage: client-sample SUPERVISOR.JSON [SERVICE-TO-RESTART]");
    return (int)ExitCode.BadUsage;
}

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stopping.Cancel();
};

try
{
    await using var client = await SupervisorClient.ConnectAsync(config, stopping.Token);
    var printing = new BoardPrinter(Console.Out).RunAsync(client.BoardsAsync(stopping.Token));

    // One link carries any number of concurrent calls: boards continue to arrive during the restart.
    await Task.WhenAll([printing, .. services.Select(service => RestartAsync(client, service, stopping.Token))]);
    // The tree was stopped, or its parent died; in the second case the servers continue.
    Console.WriteLine("The link to the tree has ended.");
    return (int)ExitCode.Ok;
}
catch (PipeUnavailableException e)
{
    Console.Error.WriteLine($"No tree answers for {config}: {e.Message}");
    return (int)ExitCode.NotRunning;
}
catch (LinkEndedException e)
{
    Console.Error.WriteLine(e.Message);
    return (int)ExitCode.Failed;
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    return (int)ExitCode.Ok;
}

static async Task RestartAsync(SupervisorClient client, string service, CancellationToken cancellationToken)
{
    try
    {
        var outcomes = await client.CallAsync((control, token) => control.RestartAsync([service], force: false, token), cancellationToken);
        Console.WriteLine(outcomes.Services[0].Message);
    }
    catch (RemoteInvocationException e)
    {
        // For example ErrorCode.NoSuchService. The link stays usable.
        Console.Error.WriteLine($"{service} was not restarted: {e.Message} ({e.ErrorCode})");
    }
}
