using System.Text.Json.Serialization;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Supervisor.Client;

/// <summary>The JSON format of all contracts: camelCase, nulls are written, unknown fields are ignored, required parameters must be present.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 64,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(ServiceStatus))]
[JsonSerializable(typeof(TreeSpec))]
[JsonSerializable(typeof(ServiceSpec))]
[JsonSerializable(typeof(WatcherHello))]
[JsonSerializable(typeof(WatcherWelcome))]
[JsonSerializable(typeof(FlushAnswer))]
[JsonSerializable(typeof(ChangeBatch))]
[JsonSerializable(typeof(Heartbeat))]
[JsonSerializable(typeof(WatcherWarning))]
[JsonSerializable(typeof(HostHello))]
[JsonSerializable(typeof(HostWelcome))]
[JsonSerializable(typeof(StartOrder))]
[JsonSerializable(typeof(StopOrder))]
[JsonSerializable(typeof(RestartOrder))]
[JsonSerializable(typeof(ChangeOrder))]
[JsonSerializable(typeof(ServiceOutcome))]
[JsonSerializable(typeof(Ledger))]
[JsonSerializable(typeof(LedgerEntry))]
[JsonSerializable(typeof(HostLaunch))]
[JsonSerializable(typeof(HostFile))]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(WaitAnswer))]
[JsonSerializable(typeof(Introduction))]
[JsonSerializable(typeof(Outcomes))]
[JsonSerializable(typeof(ReloadAnswer))]
[JsonSerializable(typeof(HoldStatus))]
[JsonSerializable(typeof(HoldList))]
[JsonSerializable(typeof(StartupLine))]
[JsonSerializable(typeof(TreeAddress))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<ServiceStatus>))]
[JsonSerializable(typeof(TreeStatus))]
[JsonSerializable(typeof(WatcherStatus))]
[JsonSerializable(typeof(WatchBaseline))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(long?))]
// Types that StreamJsonRpc itself writes. Without them a cancellation is silently never sent.
[JsonSerializable(typeof(RequestId))]
[JsonSerializable(typeof(Dictionary<string, object>))]
[JsonSerializable(typeof(object[]))]
[JsonSerializable(typeof(object))]
[JsonSerializable(typeof(CommonErrorData))]
public sealed partial class ContractJson : JsonSerializerContext;
