using PolyType;
using StreamJsonRpc;

namespace Supervisor.Wire;

/// <summary>
/// Requests of <see cref="IControl"/> in the form that clients without its generated proxy send: a parameter is called <c>for</c> (a proxy with that
/// name does not compile), and an error names a missing parameter (the library's error does not).
/// </summary>
[GenerateShape(IncludeMethods = MethodShapeFlags.PublicInstance)]
public partial interface IControlForOtherClients
{
    [JsonRpcMethod("supervisor/wait")]
    Task<WaitAnswer> WaitAsync(
        IReadOnlyList<string>? services = null, string @for = "ready", long? timeoutMs = null, CancellationToken cancellationToken = default);

    [JsonRpcMethod("supervisor/why")]
    Task<Ledger> WhyAsync(string? service = null, int last = 20, CancellationToken cancellationToken = default);

    [JsonRpcMethod("supervisor/introduce")]
    Task<Introduction> IntroduceAsync(string? service = null, CancellationToken cancellationToken = default);
}
