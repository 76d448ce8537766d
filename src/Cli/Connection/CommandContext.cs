using System.CommandLine;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Connection;

/// <summary>What every command uses: the screen, the clock and the options of all verbs.</summary>
internal sealed record CommandContext(Screen Screen, TimeProvider Time)
{
    private const string FileDescription = "The configuration file; default: supervisor.json in the working directory or the nearest folder above.";

    public Option<string?> File { get; } = new("--file", "-f") { Description = FileDescription, HelpName = "FILE" };

    /// <summary>For a command whose <c>-f</c> has another meaning.</summary>
    public Option<string?> FileWithoutAlias { get; } = new("--file") { Description = FileDescription, HelpName = "FILE" };

    public TreeLocation LocationOf(ParseResult parsed) => TreeLocation.Find(parsed.GetValue(FileWithoutAlias) ?? parsed.GetValue(File));

    /// <returns>null: no file is named, and there is none in the working directory or above.</returns>
    public TreeLocation? TryLocationOf(ParseResult parsed)
    {
        try
        {
            return LocationOf(parsed);
        }
        catch (CommandFailure) when (parsed.GetValue(File) is null)
        {
            return null;
        }
    }

    public Task<ControlLink> ConnectAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        ControlLink.ConnectAsync(LocationOf(parsed), follows: false, SupervisorClient.ConnectDeadline, Time, cancellationToken);

    /// <returns>null: no tree runs.</returns>
    public Task<ControlLink?> TryConnectAsync(TreeLocation location, CancellationToken cancellationToken) =>
        ControlLink.TryConnectAsync(location, follows: false, SupervisorClient.ConnectDeadline, Time, cancellationToken);

    public Task<ControlLink> FollowAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        ControlLink.ConnectAsync(LocationOf(parsed), follows: true, SupervisorClient.ConnectDeadline, Time, cancellationToken);
}
