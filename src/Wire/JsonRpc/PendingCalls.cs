using System.Text.Json;

namespace Supervisor.Wire.JsonRpc;

/// <summary>Our calls that wait for an answer. Thread-safe. After the end nothing can begin, and nothing waits.</summary>
internal sealed class PendingCalls
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RpcId, TaskCompletionSource<JsonElement>> _waiting = [];
    private LinkEndedException? _ended;
    private long _last;

    public int Count
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    public (RpcId.Number Id, Task<JsonElement> Answer) Begin()
    {
        lock (_lock)
        {
            if (_ended is not null)
                throw new LinkEndedException(_ended.Message);

            var id = new RpcId.Number(++_last);
            var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(id, answer);
            return (id, answer.Task);
        }
    }

    /// <summary>False: it has been answered in the meantime.</summary>
    public bool Forget(RpcId id) => Take(id) is not null;

    /// <summary>An answer that nobody waits for is dropped: its call was cancelled, or it answers nothing.</summary>
    public void Succeed(RpcId id, JsonElement result) => Take(id)?.TrySetResult(result);

    public void Fail(RpcId id, RpcException error)
    {
        if (Take(id) is { } answer)
            Fail(answer, error);
    }

    public void End(LinkEndedException reason)
    {
        List<TaskCompletionSource<JsonElement>> waiting;

        lock (_lock)
        {
            _ended ??= reason;
            waiting = [.. _waiting.Values];
            _waiting.Clear();
        }

        foreach (var answer in waiting)
            Fail(answer, new LinkEndedException(reason.Message));
    }

    private static void Fail(TaskCompletionSource<JsonElement> answer, Exception error)
    {
        answer.TrySetException(error);

        // Its caller may have left because the write failed too: looking at it keeps it from being reported as unobserved.
        _ = answer.Task.Exception;
    }

    private TaskCompletionSource<JsonElement>? Take(RpcId id)
    {
        lock (_lock)
            return _waiting.Remove(id, out var answer) ? answer : null;
    }
}
