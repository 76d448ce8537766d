namespace Supervisor.Parent.Control;

/// <summary>
/// Carries out the requests of the control pipe. A command posts an event to the loop and then waits for its outcome on the board. It keeps no state,
/// so a caller that gives up changes nothing. Thread-safe.
/// </summary>
internal sealed class Commands(TreeLoop loop, Board board, EffectRunner runner, RuntimeDirectory runtime, Task<Outcomes> stopped, TimeProvider time)
{
    private const string WatcherName = "watcher";

    /// <summary>Added to the service's own timeouts when a flush waits for the reload to end.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FlushTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LedgerTimeout = TimeSpan.FromSeconds(5);

    private readonly OutcomeWaiter _waiter = new(board, time);

    public ReloadCommand Reload { get; } = new(loop, board, new OutcomeWaiter(board, time));

    public async Task<Outcomes> StartAsync(IReadOnlyList<string>? names, bool dependencies, CancellationToken cancellationToken)
    {
        var services = Resolve(names);
        return new Outcomes(await RequestAsync(new TreeEvent.StartRequested(services, Alone: !dependencies), services, OutcomeRules.Started, cancellationToken));
    }

    public async Task<Outcomes> StopAsync(IReadOnlyList<string>? names, bool now, CancellationToken cancellationToken)
    {
        if (names is not { Count: > 0 })
        {
            await loop.PostAndWaitAsync(new TreeEvent.StopAllRequested(now));
            return await stopped.WaitAsync(cancellationToken);
        }

        var services = Resolve(names);
        return new Outcomes(await RequestAsync(new TreeEvent.StopRequested(services, now), services, OutcomeRules.Stopped, cancellationToken));
    }

    public async Task<Outcomes> RestartAsync(IReadOnlyList<string>? names, bool force, CancellationToken cancellationToken)
    {
        var named = names ?? [];
        var services = named.Count > 0 && named.All(name => name == WatcherName) ? [] : Resolve([.. named.Where(name => name != WatcherName)]);
        var restarts = new List<Task<IReadOnlyList<ServiceOutcome>>> { RequestAsync(new TreeEvent.RestartRequested(services, force), services, OutcomeRules.Restarted, cancellationToken) };

        if (named.Contains(WatcherName, StringComparer.Ordinal))
            restarts.Add(RestartWatcherAsync(cancellationToken));

        return new Outcomes([.. (await Task.WhenAll(restarts)).SelectMany(outcomes => outcomes)]);
    }

    public async Task<WaitAnswer> WaitAsync(IReadOnlyList<string> names, string state, long? timeoutMs, CancellationToken cancellationToken)
    {
        var services = Resolve(names);

        Func<string, StatusReport, ServiceOutcome?> judge = state switch
        {
            "ready" => (service, report) => OutcomeRules.Up(service, board.Plan, report),
            "stopped" => OutcomeRules.Down,
            "completed" => (service, report) => OutcomeRules.Completed(service, board.Plan, report),
            _ => throw ErrorCode.Error(ErrorCode.InvalidParams, $"for: '{state}' is none of 'ready', 'stopped' and 'completed'"),
        };

        using var deadline = new CancellationTokenSource(timeoutMs is { } timeout ? TimeSpan.FromMilliseconds(timeout) : Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);

        try
        {
            var outcomes = await _waiter.UntilAsync(
                (report, _) => services.Select(service => judge(service, report)).ToArray() is var verdicts
                    && verdicts.FirstOrDefault(verdict => verdict is { Succeeded: false }) is { } failed ? [failed] : OutcomeRules.All(verdicts),
                either.Token);

            var failure = outcomes.FirstOrDefault(outcome => !outcome.Succeeded);
            return Answer(failure is null ? "ok" : "failed", failure?.Message ?? $"{string.Join(", ", services)}: {state}");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            var late = services.Where(service => judge(service, board.Report) is null)
                .Select(service => $"{service} is {PhaseName(board.Report.StatusOf(service))}");
            return Answer("timed-out", $"not {state} within {timeoutMs} ms: {string.Join(", ", late)}");
        }

        WaitAnswer Answer(string result, string message) => new(result, message, [.. services.Select(board.Report.StatusOf)]);
    }

    public async Task<Ledger> WhyAsync(string name, int last, CancellationToken cancellationToken)
    {
        if (last is < 1 or > 1000)
            throw ErrorCode.Error(ErrorCode.InvalidParams, $"last: {last} is not between 1 and 1,000");

        if (name == WatcherName)
            return new Ledger(WatcherName, await Task.Run(() => runner.Ledger.ReadLast(last), cancellationToken));

        var service = Resolve([name])[0];

        try
        {
            return await runner.HostOf(service).CallAsync("why", (host, token) => host.WhyAsync(last, token), LedgerTimeout, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or TimeoutException)
        {
            throw ErrorCode.Error(ErrorCode.NotNow, $"{service}: no host answers now ({failure.Message}); start the service, or ask again");
        }
    }

    public async Task<Outcomes> FlushAsync(bool deliveredOnly, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(FlushTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        FlushAnswer flushed;

        try
        {
            flushed = await FlushWatcherAsync(deliveredOnly, either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw ErrorCode.Error(ErrorCode.NotNow, $"no watcher could flush within {FlushTimeout.TotalMinutes:0} min; `status` shows why");
        }

        var watched = (deliveredOnly ? [] : board.Plan.Spec.Subscriptions).Select(subscription => subscription.Service).Distinct(StringComparer.Ordinal);
        return new Outcomes(await Task.WhenAll(watched.Select(service => SettledAsync(service, cancellationToken))), flushed.Doubt);
    }

    public Introduction Introduce(string name)
    {
        var service = Resolve([name])[0];
        return new Introduction(service, runtime.HostSocket(service), runtime.LogFile(service));
    }

    private async Task<FlushAnswer> FlushWatcherAsync(bool patient, CancellationToken cancellationToken)
    {
        while (true)
        {
            var report = board.Report;

            if (report.Watcher.Holds is [var hold, ..])
                throw ErrorCode.Error(ErrorCode.NotNow, $"changes are {hold.InWords(time.GetUtcNow())}; `supervisor release {hold.Name}` lets them go");

            try
            {
                return await (runner.Watcher ?? throw new LinkEndedException("no watcher yet")).FlushAsync(patient, FlushTimeout, cancellationToken);
            }
            catch (Exception failure) when (failure is IOException or TimeoutException or RemoteRpcException)
            {
                // The watcher died, has just started (then its answer covers earlier changes too), or is about to hold changes.
                await board.AfterAsync(report.Tree.Revision, cancellationToken);
            }
        }
    }

    /// <summary>Each service has one outcome: the request is carried out, cannot be carried out any more, or a later one has overtaken it.</summary>
    private async Task<IReadOnlyList<ServiceOutcome>> RequestAsync(
        TreeEvent request, IReadOnlyList<string> services, Func<string, StatusReport, TreeState, ServiceOutcome?> rule, CancellationToken cancellationToken)
    {
        await loop.PostAndWaitAsync(request);
        return await _waiter.UntilAsync((report, state) => OutcomeRules.All(services.Select(service => rule(service, report, state))), cancellationToken);
    }

    private async Task<IReadOnlyList<ServiceOutcome>> RestartWatcherAsync(CancellationToken cancellationToken)
    {
        // A watcher that is being spawned counts as the new one.
        var epoch = board.Report.Watcher is { State: WatcherPhase.Starting, Epoch: var coming } ? coming - 1 : board.Report.Watcher.Epoch;
        await loop.PostAndWaitAsync(new TreeEvent.WatcherRestartRequested());
        var watcher = await board.UntilAsync(
            report => report.Watcher is { State: WatcherPhase.Watching } up && up.Epoch > epoch ? up : null, cancellationToken);
        return [new ServiceOutcome(WatcherName, true, $"a new watcher (process {watcher.Pid}) watches", null)];
    }

    private async Task<ServiceOutcome> SettledAsync(string service, CancellationToken cancellationToken)
    {
        try
        {
            var host = runner.HostOf(service);
            await host.ShowAsync(await host.CallAsync("settled", (it, token) => it.SettledAsync(token), TimeoutFor(service), cancellationToken));
            var status = board.Report.StatusOf(service);
            return status.Stale
                ? new ServiceOutcome(service, false, $"{service} is stale: {status.Reason}", status)
                : new ServiceOutcome(service, status.State == ServicePhase.Completed || (board.Plan.Find(service) is { } spec && DependencyRule.IsUp(spec, status)), $"{service} is {PhaseName(status)}", status);
        }
        catch (Exception failure) when (failure is IOException or TimeoutException or RemoteRpcException)
        {
            return new ServiceOutcome(service, false, $"{service}: {failure.Message}", board.Report.StatusOf(service));
        }
    }

    private TimeSpan TimeoutFor(string service) => (board.Plan.Find(service)?.LongestReload ?? TimeSpan.Zero) + Slack;

    private static string PhaseName(ServiceStatus status) => status.State == ServicePhase.CrashLoop ? "crash-loop" : status.State.ToString().ToLowerInvariant();

    private IReadOnlyList<string> Resolve(IReadOnlyList<string>? services)
    {
        var plan = board.Plan;

        if (services is not { Count: > 0 })
            return plan.StartOrder;

        return services.FirstOrDefault(service => !plan.Knows(service)) is { } unknown
            ? throw ErrorCode.Error(
                ErrorCode.NoSuchService, $"no service is called '{unknown}'; there are: {string.Join(", ", plan.Spec.Services.Select(known => known.Name))}")
            : [.. services.Distinct(StringComparer.Ordinal)];
    }
}
