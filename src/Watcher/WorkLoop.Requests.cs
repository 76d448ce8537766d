using Supervisor.Watcher.Links;

namespace Supervisor.Watcher;

/// <summary>Requests to the loop, from any thread, and how the loop handles them.</summary>
internal sealed partial class WorkLoop
{
    /// <summary>Completes when the loop has processed the request.</summary>
    public Task PingAsync(CancellationToken cancellationToken) => AskAsync(answer => new LoopRequest.Ping(answer), cancellationToken);

    /// <summary>Completes once every change that was on disk before has been delivered and acknowledged.</summary>
    /// <param name="patient">Changes may first settle.</param>
    public async Task<FlushAnswer> FlushAsync(bool patient, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<FlushAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        await AskAsync(new LoopRequest.Flush(new AwaitedFlush(answer, patient)), cancellationToken);
        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Holds changes back from now on, or releases their net effect at once.</summary>
    public Task HoldAsync(bool held, CancellationToken cancellationToken) => AskAsync(answer => new LoopRequest.Hold(held, answer), cancellationToken);

    public Task TrimAsync(CancellationToken cancellationToken) => AskAsync(answer => new LoopRequest.Trim(answer), cancellationToken);

    /// <summary>Has <see cref="RunAsync"/> end with the code once everything that is settled has been acknowledged.</summary>
    public Task DrainAsync(ExitCode exitCode, CancellationToken cancellationToken) =>
        AskAsync(new LoopRequest.Drain((int)exitCode), cancellationToken);

    private async Task AskAsync(Func<TaskCompletionSource, LoopRequest> request, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await AskAsync(request(answer), cancellationToken);
        await answer.Task.WaitAsync(cancellationToken);
    }

    private async Task AskAsync(LoopRequest request, CancellationToken cancellationToken)
    {
        await _requests.Writer.WriteAsync(request, cancellationToken);
        _wake.Set();
    }

    private void TakeRequests()
    {
        while (_requests.Reader.TryRead(out var request))
            Take(request);
    }

    private void Take(LoopRequest request)
    {
        switch (request)
        {
            case LoopRequest.Ping(var answer):
                answer.TrySetResult();
                break;

            case LoopRequest.Flush(var flush):
                Flush(flush);
                break;

            case LoopRequest.Hold(var held, var answer):
                Hold(held);
                answer.TrySetResult();
                break;

            case LoopRequest.Trim(var answer):
                Trim();
                answer.TrySetResult();
                break;

            case LoopRequest.Drain(var exitCode):
                Drain(exitCode);
                break;

            case LoopRequest.TakeOver(var baseline, var answer):
                TakeOver(baseline);
                answer.TrySetResult();
                break;

            case LoopRequest.Applied(var cursor):
                _outbox.Acknowledged(cursor, Now);
                break;

            case LoopRequest.Refused(var reason):
                throw new InvalidOperationException($"The parent refused a batch: {reason}");
        }
    }
}
