using System.CommandLine;
using System.IO.Pipelines;
using Supervisor.Cli.Attaching;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Output;
using Supervisor.Cli.Rendering;
using Supervisor.Processes;

namespace Supervisor.Cli.Commands;

/// <summary><c>attach</c>: connects this terminal with that of a server that has one.</summary>
internal static class AttachCommand
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    public static Command Build(CommandContext context)
    {
        var service = ServiceArgument.One("The service; it needs \"tty\": true.");
        var readOnly = new Option<bool>("--read-only") { Description = "Only look: nothing that you type reaches the server, and Ctrl-C leaves." };
        var command = new Command("attach", "Connect this terminal with that of a server: type at its prompt or breakpoint. Ctrl-P Ctrl-Q detaches.") { service, readOnly };

        command.SetAction((parsed, cancellationToken) => RunAsync(
            context, context.LocationOf(parsed), parsed.GetRequiredValue(service), parsed.GetValue(readOnly), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, TreeLocation location, string asked, bool readOnly, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            throw new CommandFailure(ExitCode.Failed, "\"supervisor attach\" does not work on Windows yet.");

        if (Console.IsInputRedirected || !context.Screen.IsTerminal)
        {
            throw new CommandFailure(
                ExitCode.BadUsage, $"\"supervisor attach\" needs a terminal at its standard input and output; \"supervisor logs -f {asked}\" shows the output without one.");
        }

        var (host, service, state) = await ConnectAsync(context, location, asked, cancellationToken);
        await using var link = host;
        var channel = new TerminalChannel(await OpenAsync(host, service, cancellationToken));

        var first = await FirstAsync(channel, readOnly, service, context.Time, cancellationToken);
        var end = await new AttachedTerminal(service, state, channel, context.Screen, context.Time).RunAsync(first, readOnly);

        return end switch
        {
            AttachmentEnd.Left => (int)ExitCode.Ok,
            AttachmentEnd.Told(var exitCode, _) => (int)exitCode,
            _ => throw new CommandFailure(
                ExitCode.Failed,
                $"the host of {service} has died, and {service} with it; the tree starts both again: \"supervisor status\" shows them, \"supervisor attach {service}\" attaches again."),
        };
    }

    private static async Task<(HostLink Host, string Service, string State)> ConnectAsync(
        CommandContext context, TreeLocation location, string asked, CancellationToken cancellationToken)
    {
        // The parent is asked for the host only: its death later on makes no difference.
        await using var parent = await ControlLink.ConnectAsync(location, follows: false, SupervisorClient.ConnectDeadline, context.Time, cancellationToken);
        var service = parent.Names.One(asked);

        for (var isTold = false; ; await Task.Delay(RetryInterval, context.Time, cancellationToken))
        {
            var status = await parent.AskAsync((control, token) => control.StatusAsync(token), cancellationToken);
            var state = status.Services.FirstOrDefault(it => it.Name == service);

            try
            {
                return (await HostLink.OpenAsync(parent, service, SupervisorClient.ConnectDeadline, context.Time, cancellationToken), service, StateOf(state));
            }
            catch (PipeUnavailableException) when (state is { HostPid: null })
            {
                // The host of a service comes with its first start.
            }
            catch (PipeUnavailableException e)
            {
                throw NotAnswering(service, e);
            }

            if (!isTold)
                context.Screen.Out.Write($"[supervisor] {service} is {StateOf(state)}; waiting for its start (\"supervisor start {service}\"), Ctrl-C leaves\n");

            isTold = true;
        }
    }

    private static async Task<IDuplexPipe> OpenAsync(HostLink host, string service, CancellationToken cancellationToken)
    {
        try
        {
            return await host.OpenTerminalAsync(cancellationToken);
        }
        catch (LinkEndedException e)
        {
            throw new CommandFailure(
                ExitCode.Failed, $"The host of {service} offers no terminal: it has just ended, or belongs to an earlier version. Try again; if that does not help, stop the tree and start it.", inner: e);
        }
    }

    private static async Task<TerminalNews.Role> FirstAsync(
        TerminalChannel channel, bool readOnly, string service, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(AnswerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);

        try
        {
            await channel.AttachAsync(wantsToType: !readOnly, RawTerminal.Window() ?? WindowSize.Default, either.Token);

            return await channel.NextAsync(static _ => { }, either.Token) switch
            {
                TerminalNews.Role role => role,
                TerminalNews.End(var exitCode, var reason) => throw new CommandFailure(exitCode, reason + "."),
                _ => throw NotAnswering(service, inner: null),
            };
        }
        catch (Exception e) when ((e is OperationCanceledException && late.IsCancellationRequested) || e is ObjectDisposedException or IOException)
        {
            throw NotAnswering(service, e);
        }
    }

    private static string StateOf(ServiceStatus? status) => status switch
    {
        null => "gone",
        { Pid: { } pid } => $"{Wording.Of(status.State)}, pid {pid}",
        _ => Wording.Of(status.State),
    };

    private static CommandFailure NotAnswering(string service, Exception? inner) => new(
        ExitCode.Failed, $"The host of {service} does not answer; \"supervisor status\" shows whether it is being replaced.", inner: inner);
}
