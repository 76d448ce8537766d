using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Foreground;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary><c>start</c>: the tree, in this terminal or behind it; with a tree running, services of it.</summary>
internal static class StartCommand
{
    public static Command Build(Surroundings here)
    {
        var services = ServiceArgument.Any("Only these services, and what they depend on.");
        var detach = new Option<bool>("--detach", "-d") { Description = "Run in the background; returns when all are ready or one failed." };
        var command = new Command("start", "Start the tree and show its output (Ctrl-C stops it), or services of a tree that runs.") { services, detach };
        command.Aliases.Add("up");

        command.SetAction((parsed, cancellationToken) =>
            RunAsync(here, here.CheckoutOf(parsed), parsed.GetValue(services) ?? [], parsed.GetValue(detach), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        Surroundings here, Checkout checkout, IReadOnlyList<string> services, bool detach, CancellationToken cancellationToken)
    {
        await using (var running = await ControlLink.TryConnectAsync(checkout, follows: false, SupervisorClient.ConnectDeadline, here.Time, cancellationToken))
        {
            if (running is not null)
                return (int)await StartInRunningTreeAsync(here, running, services, cancellationToken);
        }

        var spec = checkout.ReadConfiguration();
        ServiceNames.Check(services, [.. spec.Services.Select(s => s.Name)]);

        return (int)(detach
            ? await DetachedAsync(here, checkout, spec, services, cancellationToken)
            : await ForegroundAsync(here, checkout, services, cancellationToken));
    }

    private static async Task<ExitCode> StartInRunningTreeAsync(
        Surroundings here, ControlLink running, IReadOnlyList<string> services, CancellationToken cancellationToken)
    {
        if (services.Count == 0)
        {
            throw new CommandFailure(
                ExitCode.Failed,
                $"The tree of {running.First.Tree.Config} is already running (parent pid {running.First.Tree.ParentPid}). "
                + "\"supervisor status\" shows it, \"supervisor logs -f\" follows it, \"supervisor start SERVICE\" starts one of its services.");
        }

        ServiceNames.Check(services, running.Services);
        return OutcomeLines.Write(here.Screen, await running.AskAsync((control, token) => control.StartAsync(services, token), cancellationToken));
    }

    private static async Task<ExitCode> ForegroundAsync(
        Surroundings here, Checkout checkout, IReadOnlyList<string> services, CancellationToken cancellationToken)
    {
        using var parent = await ParentLauncher.LaunchAsync(checkout, owned: true, autostart: services.Count == 0, here.Time, cancellationToken);
        await using var link = await ControlLink.ConnectAsync(checkout, follows: true, ParentLauncher.UpDeadline, here.Time, cancellationToken);
        await link.AskAsync((control, token) => control.OwnAsync(token), cancellationToken);
        using var log = new Log(checkout);

        log.RunBegan(link.First.Tree.ParentPid);
        var exitCode = await new ForegroundRun(checkout, link, parent, here.Screen, here.Time).RunAsync(services, log);
        log.RunEnded((int)exitCode);
        return exitCode;
    }

    private static async Task<ExitCode> DetachedAsync(
        Surroundings here, Checkout checkout, TreeSpec spec, IReadOnlyList<string> services, CancellationToken cancellationToken)
    {
        using var parent = await ParentLauncher.LaunchAsync(checkout, owned: false, autostart: services.Count == 0, here.Time, cancellationToken);
        await using var link = await ControlLink.ConnectAsync(checkout, follows: false, ParentLauncher.UpDeadline, here.Time, cancellationToken);

        foreach (var adopted in link.First.Services.Where(s => s.Pid is not null && s.StartedAt < link.First.Tree.StartedAt))
            here.Screen.Out.WriteLine($"adopted {adopted.Name} as it runs (pid {adopted.Pid}, generation {adopted.Generation})");

        // What starts by itself is only waited for: asked to start, a service that is in its backoff would begin anew, its failures forgiven.
        var exitCode = services.Count > 0
            ? await AllReadyOrOneFailedAsync(here, services, (s, enough) => StartAsync(link, s, enough), cancellationToken)
            : await AllReadyOrOneFailedAsync(
                here, spec.Services.Where(s => s.Autostart).Select(s => s.Name), (s, enough) => UpAsync(link, s, enough), cancellationToken);

        here.Screen.Out.WriteLine($"The tree runs in the background (parent pid {link.First.Tree.ParentPid}); \"supervisor stop\" stops it.");
        return exitCode;
    }

    private static async Task<IReadOnlyList<ServiceOutcome>> StartAsync(ControlLink link, string service, CancellationToken cancellationToken) =>
        (await link.AskAsync((control, token) => control.StartAsync([service], token), cancellationToken)).Services;

    private static async Task<IReadOnlyList<ServiceOutcome>> UpAsync(ControlLink link, string service, CancellationToken cancellationToken)
    {
        var answer = await link.AskAsync((control, token) => control.WaitAsync([service], "ready", timeoutMs: null, token), cancellationToken);
        var status = answer.Services[0];

        return (answer.Result, status.State) switch
        {
            // Its host was adopted with the server stopped, and the parent leaves it so until somebody asks: this command does.
            (_, ServicePhase.Stopped) when !(status.StartedAt >= link.First.Tree.StartedAt) => await StartAsync(link, service, cancellationToken),
            ("ok", ServicePhase.Completed) => [new ServiceOutcome(service, true, $"{service} has ended with success", status)],
            ("ok", _) => [new ServiceOutcome(service, true, $"{service} is up (process {status.Pid})", status)],
            _ => [new ServiceOutcome(service, false, answer.Message, status)],
        };
    }

    /// <summary>A request per service, so that the first failure is told while others still come up.</summary>
    private static async Task<ExitCode> AllReadyOrOneFailedAsync(
        Surroundings here, IEnumerable<string> services, Func<string, CancellationToken, Task<IReadOnlyList<ServiceOutcome>>> up,
        CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var starts = services.Select(s => up(s, enough.Token)).ToList();
        var told = new HashSet<string>(StringComparer.Ordinal);

        while (starts.Count > 0)
        {
            var done = await Task.WhenAny(starts);
            starts.Remove(done);

            foreach (var outcome in (await done).Where(o => told.Add(o.Service)))
                OutcomeLines.Write(here.Screen, outcome);

            if ((await done).Any(o => !o.Succeeded))
            {
                await enough.CancelAsync();
                await ((Task)Task.WhenAll(starts)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return ExitCode.Failed;
            }
        }

        return ExitCode.Ok;
    }
}
