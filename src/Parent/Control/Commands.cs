namespace Supervisor.Parent.Control;

/// <summary>
/// What the control pipe's requests mean. A command tells the loop what is wanted and then watches the board for the outcome: it holds no state,
/// so that a caller who gives up changes nothing. Thread-safe.
/// </summary>
internal sealed class Commands(TreePlan plan, TreeLoop loop, Board board, Children children, RuntimeDirectory runtime, Task<Outcomes> stopped, TimeProvider time)
{
    private const string WatcherName = "watcher";

    /// <summary>A flush ends with the work that the flushed changes caused; a restart likewise. Beyond what the service's own times allow.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ToFlush = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ToTell = TimeSpan.FromSeconds(5);

    private readonly Proof _proof = new(plan, board, time);

    public async Task<Outcomes> StartAsync(StartRequest request, CancellationToken cancellationToken)
    {
        var services = Named(request.Services);
        await loop.DecideAsync(new TreeEvent.StartWanted(services));
        return new Outcomes(await AllUpAsync(services, cancellationToken));
    }

    public async Task<Outcomes> StopAsync(StopRequest request, CancellationToken cancellationToken)
    {
        if (request.Services is not { Count: > 0 })
        {
            await loop.DecideAsync(new TreeEvent.StopAllWanted(request.Now));
            return await stopped.WaitAsync(cancellationToken);
        }

        var services = Named(request.Services);
        await loop.DecideAsync(new TreeEvent.StopWanted(services, request.Now));
        return new Outcomes(await board.UntilAsync(
            report => Verdicts.All(services.Select(service => Verdicts.Down(service, report))), cancellationToken));
    }

    public async Task<Outcomes> RestartAsync(RestartRequest request, CancellationToken cancellationToken)
    {
        var named = request.Services ?? [];
        var services = named.Count > 0 && named.All(name => name == WatcherName) ? [] : Named([.. named.Where(name => name != WatcherName)]);
        var restarts = services.Select(service => RestartAsync(service, request.Force, cancellationToken)).ToList();

        if (named.Contains(WatcherName, StringComparer.Ordinal))
            restarts.Add(RestartWatcherAsync(cancellationToken));

        return new Outcomes(await Task.WhenAll(restarts));
    }

    public async Task<WaitAnswer> WaitAsync(WaitRequest request, CancellationToken cancellationToken)
    {
        var services = Named(request.Services);

        Func<string, StatusReport, ServiceOutcome?> judge = request.For switch
        {
            "ready" => (service, report) => Verdicts.Up(service, plan, report),
            "stopped" => Verdicts.Down,
            _ => throw new RpcException(ErrorCode.InvalidParams, $"for: '{request.For}' is neither 'ready' nor 'stopped'"),
        };

        using var deadline = request.TimeoutMs is { } timeout
            ? new CancellationTokenSource(TimeSpan.FromMilliseconds(timeout), time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);

        try
        {
            var outcomes = await _proof.UntilAsync(
                report => services.Select(service => judge(service, report)).ToArray() is var verdicts
                    && verdicts.FirstOrDefault(verdict => verdict is { Succeeded: false }) is { } failed ? [failed] : Verdicts.All(verdicts),
                either.Token);

            var failure = outcomes.FirstOrDefault(outcome => !outcome.Succeeded);
            return Answer(failure is null ? "ok" : "failed", failure?.Message ?? $"{string.Join(", ", services)}: {request.For}");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            var late = services.Where(service => judge(service, board.Report) is null)
                .Select(service => $"{service} is {Word(board.Report.Of(service))}");
            return Answer("timed-out", $"not {request.For} within {request.TimeoutMs} ms: {string.Join(", ", late)}");
        }

        WaitAnswer Answer(string result, string message) => new(result, message, [.. services.Select(board.Report.Of)]);
    }

    public async Task<Ledger> WhyAsync(WhyRequest request, CancellationToken cancellationToken)
    {
        if (request.Last is < 1 or > 1000)
            throw new RpcException(ErrorCode.InvalidParams, $"last: {request.Last} is not between 1 and 1,000");

        if (request.Service == WatcherName)
            return new Ledger(WatcherName, await Task.Run(() => children.Ledger.ReadLast(request.Last), cancellationToken));

        var service = Named([request.Service])[0];

        try
        {
            return await children.HostOf(service).CallAsync(ParentToHost.Why, new LedgerQuery(request.Last), ToTell, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or TimeoutException)
        {
            throw new RpcException(ErrorCode.NotNow, $"{service}: no host answers now ({failure.Message}); start the service, or ask again");
        }
    }

    public async Task<Outcomes> FlushAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ToFlush, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        FlushAnswer flushed;

        try
        {
            flushed = await FlushWatcherAsync(either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new RpcException(ErrorCode.NotNow, $"no watcher could flush within {ToFlush.TotalMinutes:0} min; `status` shows why");
        }

        var watched = plan.Spec.Services.Where(service => service.Watch is not null).Select(service => service.Name);
        return new Outcomes(await Task.WhenAll(watched.Select(service => AskAsync(
            service, async host => Settled(await host.CallAsync(ParentToHost.Settled, Nothing.Instance, TimeFor(service), cancellationToken))))), flushed.Doubt);
    }

    public Introduction Introduce(IntroduceRequest request)
    {
        var service = Named([request.Service])[0];
        return new Introduction(service, runtime.HostSocket(service), runtime.LogFile(service));
    }

    private async Task<FlushAnswer> FlushWatcherAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var report = board.Report;

            if (report.Watcher.Holds is [var hold, ..])
                throw new RpcException(ErrorCode.NotNow, $"changes are {hold.InWords(time.GetUtcNow())}; `supervisor release {hold.Name}` lets them go");

            try
            {
                return await (children.Watcher ?? throw new LinkEndedException("no watcher yet")).FlushAsync(ToFlush, cancellationToken);
            }
            catch (Exception failure) when (failure is IOException or TimeoutException or RpcException)
            {
                // It died, has only just come (then it answers for what was saved before it came, too), or is told of a hold at this moment.
                await board.AfterAsync(report.Tree.Revision, cancellationToken);
            }
        }
    }

    private async Task<ServiceOutcome> RestartAsync(string service, bool force, CancellationToken cancellationToken)
    {
        var running = board.Report.Of(service).State is not (ServicePhase.Stopped or ServicePhase.Pending);

        if (!running)
        {
            await loop.DecideAsync(new TreeEvent.StartWanted([service]));
            return (await AllUpAsync([service], cancellationToken))[0];
        }

        var outcome = await AskAsync(service, host => host.CallAsync(
            ParentToHost.Restart, new RestartOrder(force, "manual"), TimeFor(service), cancellationToken));
        return outcome.Succeeded ? (await AllUpAsync([service], cancellationToken))[0] : outcome;
    }

    private async Task<ServiceOutcome> RestartWatcherAsync(CancellationToken cancellationToken)
    {
        // One that is only being spawned is another one already.
        var epoch = board.Report.Watcher is { State: WatcherPhase.Starting, Epoch: var coming } ? coming - 1 : board.Report.Watcher.Epoch;
        await loop.DecideAsync(new TreeEvent.WatcherRestartWanted());
        var watcher = await board.UntilAsync(
            report => report.Watcher is { State: WatcherPhase.Watching } up && up.Epoch > epoch ? up : null, cancellationToken);
        return new ServiceOutcome(WatcherName, true, $"a new watcher (process {watcher.Pid}) watches", null);
    }

    private async Task<ServiceOutcome> AskAsync(string service, Func<HostLink, Task<ServiceOutcome>> ask)
    {
        try
        {
            var host = children.HostOf(service);
            var outcome = await ask(host);

            if (outcome.Status is { } status)
                await host.ShowAsync(status);

            return outcome;
        }
        catch (Exception failure) when (failure is IOException or TimeoutException or RpcException)
        {
            return new ServiceOutcome(service, false, $"{service}: {failure.Message}", board.Report.Of(service));
        }
    }

    private ServiceOutcome Settled(ServiceStatus status) => status.Stale
        ? new ServiceOutcome(status.Name, false, $"{status.Name} is stale: {status.Reason}", status)
        : new ServiceOutcome(status.Name, Dependencies.IsUp(plan[status.Name], status), $"{status.Name} is {Word(status)}", status);

    private Task<IReadOnlyList<ServiceOutcome>> AllUpAsync(IReadOnlyList<string> services, CancellationToken cancellationToken) =>
        _proof.UntilAsync(report => Verdicts.All(services.Select(service => Verdicts.Up(service, plan, report))), cancellationToken);

    private TimeSpan TimeFor(string service) => plan[service] is var spec
        ? (spec.Validate?.Timeout ?? TimeSpan.Zero) + spec.Stop.Grace + (spec.Ready?.Timeout ?? TimeSpan.Zero) + Slack : Slack;

    private static string Word(ServiceStatus status) => status.State.ToString().ToLowerInvariant();

    private IReadOnlyList<string> Named(IReadOnlyList<string>? services)
    {
        if (services is not { Count: > 0 })
            return plan.StartOrder;

        return services.FirstOrDefault(service => !plan.Knows(service)) is { } unknown
            ? throw new RpcException(
                ErrorCode.NoSuchService, $"no service is called '{unknown}'; there are: {string.Join(", ", plan.Spec.Services.Select(known => known.Name))}")
            : [.. services.Distinct(StringComparer.Ordinal)];
    }
}
