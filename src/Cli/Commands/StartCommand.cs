using System.CommandLine;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Foreground;
using Supervisor.Cli.Output;
using Supervisor.Cli.Rendering;

namespace Supervisor.Cli.Commands;

/// <summary><c>start</c>: starts the tree in this terminal or in the background, or services of a running tree.</summary>
internal static class StartCommand
{
    /// <summary>Long enough for servers that start at once, such as those without a probe; short enough to wait for at a prompt.</summary>
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(2);

    public const string Name = "start";
    public const string Alias = "up";

    private static readonly Dictionary<string, EndRule> EndRules = new(StringComparer.Ordinal)
    {
        ["any"] = EndRule.Any, ["all"] = EndRule.All, ["failed"] = EndRule.Failed,
    };

    public static Command Build(CommandContext context)
    {
        var services = ServiceArgument.Any("Only these services, and what they depend on.");
        var detach = new Option<bool>("--detach", "-d", "--daemon") { Description = "Run in the background; returns when all services are ready or one has failed." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Show what happens to the services, not what they print." };
        var timestamps = new Option<bool>("--timestamps", "-t") { Description = "Begin every line with its time." };
        var codeFrom = new Option<string>("--exit-code-from") { Description = "End with this service, and with its exit code; for tests that need the others.", HelpName = "SERVICE" };
        var exitWhen = new Option<string>("--exit-when") { Description = "End once any service has ended, once all have, or once one has failed: any, all or failed.", HelpName = "WHICH" };
        var except = new Option<string[]>("--except") { Description = "Leave this service or group out; may be given several times.", HelpName = "SERVICE", DefaultValueFactory = _ => [] };
        var alone = new Option<bool>("--no-deps") { Description = "Start the services without what they depend on, and do not wait for it." };
        var json = JsonOption.Create("with -d, or of services that are started in a running tree");
        exitWhen.AcceptOnlyFromAmong([.. EndRules.Keys]);
        var command = new Command(Name, "Start the tree and show its output (Ctrl-C stops it). Where it runs already: show its output (Ctrl-C leaves), or start services of it.")
        {
            services, detach, quiet, timestamps, codeFrom, exitWhen, except, alone, json,
        };
        command.Aliases.Add(Alias);

        command.Validators.Add(result =>
        {
            if (result.GetValue(detach) && (result.GetValue(codeFrom) is not null || result.GetValue(exitWhen) is not null))
                result.AddError("--exit-code-from and --exit-when end a run in this terminal: leave out -d, or use \"supervisor wait SERVICE --for completed\".");
        });

        command.SetAction((parsed, cancellationToken) => RunAsync(
            context, context.LocationOf(parsed),
            new StartSelection(parsed.GetValue(services) ?? [], parsed.GetValue(except) ?? [], parsed.GetValue(alone)),
            parsed.GetValue(detach)
                ? null
                : new ForegroundOptions(
                    new ViewOptions(parsed.GetValue(timestamps) ? LineTimes.All : LineTimes.Own, parsed.GetValue(quiet) ? ShownLines.Own : ShownLines.All),
                    parsed.GetValue(exitWhen) is { } when ? EndRules[when] : EndRule.NothingIsLeft, parsed.GetValue(codeFrom)),
            parsed.GetValue(json), cancellationToken));
        return command;
    }

    /// <param name="foreground">null: in the background.</param>
    internal static async Task<int> RunAsync(
        CommandContext context, TreeLocation location, StartSelection selection, ForegroundOptions? foreground, bool json, CancellationToken cancellationToken)
    {
        await using (var running = await ControlLink.TryConnectAsync(location, follows: true, SupervisorClient.ConnectDeadline, context.Time, cancellationToken))
        {
            if (running is not null)
                return (int)await InRunningTreeAsync(context, location, running, selection, foreground, json, cancellationToken);
        }

        if (json && foreground is not null)
            throw new CommandFailure(ExitCode.BadUsage, "A run in this terminal has no JSON: add -d, or use \"supervisor status --follow --json\" beside it.");

        var spec = location.ReadConfiguration();
        var request = new StartRequest(selection.In(spec), selection.Alone);

        return foreground is null
            ? (int)await DetachedAsync(context, location, spec, request, json, cancellationToken)
            : await ForegroundAsync(
                context, location, spec, request, foreground with { CodeFrom = foreground.CodeFrom is { } deciding ? ServiceNames.Of(spec).One(deciding) : null }, cancellationToken);
    }

    private static async Task<ExitCode> InRunningTreeAsync(
        CommandContext context, TreeLocation location, ControlLink running, StartSelection selection, ForegroundOptions? foreground, bool json,
        CancellationToken cancellationToken)
    {
        if (foreground is { Rule: not EndRule.NothingIsLeft } or { CodeFrom: not null })
        {
            throw new CommandFailure(
                ExitCode.BadUsage, $"The tree of {running.InitialStatus.Tree.Config} already runs, and --exit-code-from and --exit-when end only a tree that this command starts. "
                + "\"supervisor wait SERVICE --for completed\" waits in a running one.");
        }

        if (selection.Named.Count > 0 || selection.NeedsConfiguration)
        {
            var asked = selection.NeedsConfiguration ? selection.In(location.ReadConfiguration()) : selection.Named;
            var services = EditedConfiguration.Resolve(asked, running.Names, location);
            var start = running.AskAsync((control, token) => control.StartAsync(services, dependencies: !selection.Alone, token), cancellationToken);
            var outcomes = await PatientWait.ForStart(context, running, services).TellAsync(start, cancellationToken);
            var exitCode = OutcomeLines.Write(context.Screen, outcomes, json);

            if (json)
                return exitCode;

            await FailureOutput.ShowAsync(context.Screen, running, outcomes.Services.Where(o => !o.Succeeded).Select(o => o.Service), cancellationToken);
            await EditedConfiguration.TellAsync(context.Screen, running, cancellationToken);
            return exitCode;
        }

        if (foreground is not null && !json)
            return await new AttachedRun(location, running, context.Screen, foreground.View, context.Time).RunAsync();

        var edited = await EditedConfiguration.TextAsync(running, cancellationToken);
        throw new CommandFailure(
            ExitCode.Failed,
            $"The tree of {running.InitialStatus.Tree.Config} is already running (parent pid {running.InitialStatus.Tree.ParentPid}). "
            + "\"supervisor status\" shows it, \"supervisor start\" without -d shows its output, \"supervisor start SERVICE\" starts one of its services.",
            edited is null ? [] : [edited]);
    }

    private static async Task<int> ForegroundAsync(
        CommandContext context, TreeLocation location, TreeSpec spec, StartRequest request, ForegroundOptions options, CancellationToken cancellationToken)
    {
        var (started, asked) = StartedServices.With(options.CodeFrom, spec.Services, request);
        var notices = new Notices(started, begun: context.Time.GetElapsedTime(0));
        using var parent = await ParentLauncher.LaunchAsync(
            location, owned: true, autostart: request.Services.Count == 0, ServerTerminal.ColumnsOf(context.Screen, spec.Services), context.Time, cancellationToken);
        await using var link = await ControlLink.ConnectAsync(location, follows: true, ParentLauncher.UpDeadline, context.Time, cancellationToken);
        await link.AskAsync((control, token) => control.OwnAsync(token), cancellationToken);
        using var log = new Log(location);

        log.RunBegan(link.InitialStatus.Tree.ParentPid);

        // The output of an adopted server was shown by an earlier viewer, up to the start of this parent.
        await using var view = new TreeView(link, context.Screen, options.View, since: link.InitialStatus.Tree.StartedAt, notices, context.Time);
        var end = new RunEnd(options.Rule, started, options.CodeFrom);
        var exitCode = await new ForegroundRun(location, link, parent, view, end, context.Screen.Reader, context.Time).RunAsync(asked, log);
        log.RunEnded(exitCode);
        return exitCode;
    }

    private static async Task<ExitCode> DetachedAsync(
        CommandContext context, TreeLocation location, TreeSpec spec, StartRequest request, bool json, CancellationToken cancellationToken)
    {
        using var parent = await ParentLauncher.LaunchAsync(location, owned: false, autostart: request.Services.Count == 0, ServerTerminal.ColumnsOf(context.Screen, spec.Services), context.Time, cancellationToken);
        await using var link = await ControlLink.ConnectAsync(location, follows: true, ParentLauncher.UpDeadline, context.Time, cancellationToken);

        var told = json ? context.Screen.Error : context.Screen.Out;

        foreach (var adopted in link.InitialStatus.Services.Where(s => s.Pid is not null && s.StartedAt < link.InitialStatus.Tree.StartedAt))
            told.WriteLine($"adopted {adopted.Name} without a restart (pid {adopted.Pid}, generation {adopted.Generation})");

        // Services that start by themselves are only waited for: a start request would end a backoff and reset the failures.
        var starting = request.Services.Count > 0
            ? AllReadyOrOneFailedAsync(context, link, request.Services, (s, enough) => StartAsync(link, request with { Services = [s] }, enough), json, cancellationToken)
            : AllReadyOrOneFailedAsync(
                context, link, spec.Services.Where(s => s.Autostart).Select(s => s.Name), (s, enough) => UpAsync(link, s, enough), json, cancellationToken);
        var awaited = StartedServices.Of(spec.Services, request).Select(service => service.Name).ToArray();
        var exitCode = await PatientWait.ForStart(context, link, awaited).TellAsync(starting, cancellationToken);

        told.WriteLine($"The tree runs in the background (parent pid {link.InitialStatus.Tree.ParentPid}); \"supervisor stop\" stops it.");
        return exitCode;
    }

    private static async Task<IReadOnlyList<ServiceOutcome>> StartAsync(ControlLink link, StartRequest request, CancellationToken cancellationToken) =>
        (await link.AskAsync((control, token) => control.StartAsync(request.Services, dependencies: !request.Alone, token), cancellationToken)).Services;

    private static async Task<IReadOnlyList<ServiceOutcome>> UpAsync(ControlLink link, string service, CancellationToken cancellationToken)
    {
        var answer = await link.AskAsync((control, token) => control.WaitAsync([service], "ready", timeoutMs: null, token), cancellationToken);
        var status = answer.Services[0];

        return (answer.Result, status.State) switch
        {
            // Its host was adopted with the server stopped. The parent leaves it stopped until a command starts it. One that has run in this tree, or was never
            // started, was stopped by a command, which counts.
            (_, ServicePhase.Stopped) when status.Generation > 0 && !HasRunSince(link.InitialStatus.Tree.StartedAt, status) => await StartAsync(link, new StartRequest([service], Alone: false), cancellationToken),
            ("ok", ServicePhase.Completed) => [new ServiceOutcome(service, true, $"{service} has ended with success", status)],
            ("ok", _) => [new ServiceOutcome(service, true, $"{service} is up (process {status.Pid})", status)],
            _ => [new ServiceOutcome(service, false, answer.Message, status)],
        };
    }

    private static bool HasRunSince(DateTimeOffset start, ServiceStatus status) => status.StartedAt >= start || status.LastExit?.At >= start;

    /// <summary>
    /// One request per service, so that the first failure is reported while other services still start. These get <see cref="RestAfterFailure"/> more, and what is
    /// not up by then is named.
    /// </summary>
    private static async Task<ExitCode> AllReadyOrOneFailedAsync(
        CommandContext context, ControlLink link, IEnumerable<string> services, Func<string, CancellationToken, Task<IReadOnlyList<ServiceOutcome>>> up,
        bool json, CancellationToken cancellationToken)
    {
        using var enough = new CancellationTokenSource(Timeout.InfiniteTimeSpan, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, enough.Token);
        var starts = services.ToDictionary(service => up(service, either.Token));
        var (told, late, all) = (new HashSet<string>(StringComparer.Ordinal), new List<string>(), new List<ServiceOutcome>());
        var exitCode = ExitCode.Ok;

        while (starts.Count > 0)
        {
            var done = await Task.WhenAny(starts.Keys);
            starts.Remove(done, out var service);

            if (!done.IsCompletedSuccessfully && enough.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
                late.Add(service!);
                continue;
            }

            var outcomes = (await done).Where(outcome => told.Add(outcome.Service)).ToArray();
            all.AddRange(outcomes);

            foreach (var outcome in json ? [] : outcomes)
                OutcomeLines.Write(context.Screen, outcome);

            if ((await done).All(outcome => outcome.Succeeded))
                continue;

            if (!json)
                await FailureOutput.ShowAsync(context.Screen, link, outcomes.Where(outcome => !outcome.Succeeded).Select(outcome => outcome.Service), cancellationToken);

            if (exitCode == ExitCode.Ok)
                enough.CancelAfter(RestAfterFailure);

            exitCode = ExitCode.Failed;
        }

        if (json)
            context.Screen.Out.WriteLine(AnswerJson.Of(new Outcomes([.. all, .. late.Select(service => new ServiceOutcome(service, false, "still on the way", null))])));
        else if (late.Count > 0)
            context.Screen.Error.WriteLine($"still on the way: {string.Join(", ", late)}; \"supervisor status\" shows them");

        return exitCode;
    }
}

/// <param name="CodeFrom">null: no service decides.</param>
internal sealed record ForegroundOptions(ViewOptions View, EndRule Rule, string? CodeFrom);
