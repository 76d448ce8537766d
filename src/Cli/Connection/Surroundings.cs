using System.CommandLine;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Connection;

/// <summary>What every command works with: the screen, the clock, and the options that all verbs share.</summary>
internal sealed record Surroundings(Screen Screen, TimeProvider Time)
{
    public Option<string?> File { get; } = new("--file", "-f")
    {
        Description = "The configuration file; without it, supervisor.json is looked for here and in the folders above.",
        HelpName = "FILE",
    };

    public Checkout CheckoutOf(ParseResult parsed) => Checkout.Find(parsed.GetValue(File));

    public Task<ControlLink> ConnectAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        ControlLink.ConnectAsync(CheckoutOf(parsed), follows: false, SupervisorClient.ConnectDeadline, Time, cancellationToken);

    public Task<ControlLink> FollowAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        ControlLink.ConnectAsync(CheckoutOf(parsed), follows: true, SupervisorClient.ConnectDeadline, Time, cancellationToken);
}
