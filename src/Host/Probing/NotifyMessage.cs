namespace Supervisor.Host.Probing;

/// <summary>One message of sd_notify(3): assignments, one a line. Others than READY, STATUS and WATCHDOG concern a service manager, and are ignored. Pure.</summary>
/// <param name="Status">null: the message has none; empty: the server takes it back.</param>
/// <param name="IsAlive">A sign of life: WATCHDOG=1.</param>
internal sealed record NotifyMessage(bool IsReady, string? Status, bool IsAlive)
{
    private const string StatusName = "STATUS=";

    public static NotifyMessage Parse(string text)
    {
        var lines = text.Split('\n');

        return new NotifyMessage(
            lines.Contains("READY=1", StringComparer.Ordinal),
            lines.LastOrDefault(line => line.StartsWith(StatusName, StringComparison.Ordinal))?[StatusName.Length..].Trim(),
            lines.Contains("WATCHDOG=1", StringComparer.Ordinal));
    }
}
