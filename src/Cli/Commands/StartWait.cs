using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary>Says on standard error what a start waits for when it takes long.</summary>
internal sealed class StartWait(CommandContext context, ControlLink link, IReadOnlyList<string> services)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    /// <returns>The outcome of the start.</returns>
    public async Task<TResult> TellAsync<TResult>(Task<TResult> start, CancellationToken cancellationToken)
    {
        var patience = new Patience(Long);
        var board = link.InitialStatus;

        while (!cancellationToken.IsCancellationRequested && await Task.WhenAny(start, Task.Delay(Period, context.Time, cancellationToken)) != start)
        {
            while (link.Boards.TryRead(out var newest))
                board = newest;

            var awaited = board.Services.Where(service => services.Contains(service.Name, StringComparer.Ordinal)).ToArray();

            if (patience.IsDue(StartSummary.NamesWaitedFor(awaited), context.Time.GetElapsedTime(0)))
                context.Screen.Error.WriteLine(StartSummary.WaitingFor(awaited));
        }

        return await start;
    }
}
