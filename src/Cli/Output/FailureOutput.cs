using Supervisor.Cli.Connection;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Output;

/// <summary>Shows under a command's failure what the servers concerned printed before they ended.</summary>
internal static class FailureOutput
{
    /// <summary>A service whose newest ledger entry is no such end has nothing to show: it is blocked, was refused, or waits for another service.</summary>
    public static async Task ShowAsync(Screen screen, ControlLink link, IEnumerable<string> services, CancellationToken cancellationToken)
    {
        foreach (var service in services.Where(service => service != ServiceNames.Watcher))
        {
            if (await NewestEntryAsync(link, service, cancellationToken) is { } entry)
            {
                foreach (var line in EvidenceLines.UnderFailure(entry))
                    screen.Error.WriteLine(line);
            }
        }
    }

    private static async Task<LedgerEntry?> NewestEntryAsync(ControlLink link, string service, CancellationToken cancellationToken)
    {
        try
        {
            var ledger = await link.AskAsync((control, token) => control.WhyAsync(service, last: 1, token), cancellationToken);
            return ledger.Entries is [var newest] ? newest : null;
        }
        catch (CommandFailure)
        {
            // Its host does not answer, or the tree ends: the failure itself has been told.
            return null;
        }
    }
}
