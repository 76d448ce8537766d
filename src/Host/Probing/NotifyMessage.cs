namespace Supervisor.Host.Probing;

/// <summary>One message of sd_notify(3): assignments, one a line. Others than READY and STATUS concern a service manager, and are ignored. Pure.</summary>
/// <param name="Status">null: the message has none; empty: the server takes it back.</param>
internal sealed record NotifyMessage(bool IsReady, string? Status)
{
    private const string StatusName = "STATUS=";

    public static NotifyMessage Parse(string text)
    {
        var lines = text.Split('\n');

        return new NotifyMessage(
            lines.Contains("READY=1", StringComparer.Ordinal),
            lines.LastOrDefault(line => line.StartsWith(StatusName, StringComparison.Ordinal))?[StatusName.Length..].Trim());
    }
}
