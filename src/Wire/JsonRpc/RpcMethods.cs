using System.Text.Json;

namespace Supervisor.Wire.JsonRpc;

/// <summary>What a peer answers: the table of its methods. Immutable; <c>On</c> gives a new table, and throws when the name is taken.</summary>
public sealed class RpcMethods
{
    public static readonly RpcMethods None = new();

    private readonly Dictionary<string, RequestHandler> _requests;
    private readonly Dictionary<string, NotificationHandler> _notifications;

    public RpcMethods() : this([], [])
    {
    }

    private RpcMethods(Dictionary<string, RequestHandler> requests, Dictionary<string, NotificationHandler> notifications)
    {
        _requests = requests;
        _notifications = notifications;
    }

    /// <summary>
    /// Answers a request. Handlers start in the order of arrival and run side by side. The token is cancelled by <c>$/cancelRequest</c> and by the
    /// link's end. <see cref="RpcException"/> becomes its error, cancellation <see cref="ErrorCode.RequestCancelled"/>, any other exception
    /// <see cref="ErrorCode.InternalError"/>.
    /// </summary>
    public RpcMethods On<TParams, TResult>(
        RpcMethod<TParams, TResult> method, Func<TParams, RpcPeer, CancellationToken, Task<TResult>> handler)
    {
        async Task<Action<Utf8JsonWriter>> AnswerAsync(JsonElement? parameters, RpcPeer peer, CancellationToken cancellationToken)
        {
            var result = await handler(ParameterBinding.Bind(parameters, method.Params), peer, cancellationToken);
            return json => JsonSerializer.Serialize(json, result, method.Result);
        }

        return new RpcMethods(new(_requests, StringComparer.Ordinal) { { method.Name, AnswerAsync } }, _notifications);
    }

    /// <summary>
    /// Handles a notification. One runs after the other, before any later request or notification of the link starts; the token is cancelled by the
    /// link's end.
    /// </summary>
    public RpcMethods On<TParams>(RpcNotification<TParams> notification, Func<TParams, RpcPeer, CancellationToken, Task> handler)
    {
        Task HandleAsync(JsonElement? parameters, RpcPeer peer, CancellationToken cancellationToken) =>
            handler(ParameterBinding.Bind(parameters, notification.Params), peer, cancellationToken);

        return new RpcMethods(_requests, new(_notifications, StringComparer.Ordinal) { { notification.Name, HandleAsync } });
    }

    internal RequestHandler? Request(string name) => _requests.GetValueOrDefault(name);

    internal NotificationHandler? Notification(string name) => _notifications.GetValueOrDefault(name);
}

/// <summary>Gives what writes the result.</summary>
internal delegate Task<Action<Utf8JsonWriter>> RequestHandler(JsonElement? parameters, RpcPeer peer, CancellationToken cancellationToken);

internal delegate Task NotificationHandler(JsonElement? parameters, RpcPeer peer, CancellationToken cancellationToken);
