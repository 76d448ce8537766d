using System.Text.Json.Serialization;

namespace Supervisor.Wire.Contracts;

/// <summary>How every contract is written: camelCase, nulls written, unknown fields ignored, required parameters required.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 64,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(ServiceStatus))]
[JsonSerializable(typeof(TreeSpec))]
[JsonSerializable(typeof(ServiceSpec))]
[JsonSerializable(typeof(WatcherHello))]
[JsonSerializable(typeof(WatcherWelcome))]
[JsonSerializable(typeof(FlushAnswer))]
[JsonSerializable(typeof(HoldOrder))]
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
[JsonSerializable(typeof(LedgerQuery))]
[JsonSerializable(typeof(Ledger))]
[JsonSerializable(typeof(LedgerEntry))]
[JsonSerializable(typeof(HostLaunch))]
[JsonSerializable(typeof(HostFile))]
[JsonSerializable(typeof(LogQuery))]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(StartRequest))]
[JsonSerializable(typeof(StopRequest))]
[JsonSerializable(typeof(RestartRequest))]
[JsonSerializable(typeof(WaitRequest))]
[JsonSerializable(typeof(WaitAnswer))]
[JsonSerializable(typeof(WhyRequest))]
[JsonSerializable(typeof(IntroduceRequest))]
[JsonSerializable(typeof(Introduction))]
[JsonSerializable(typeof(Outcomes))]
[JsonSerializable(typeof(HoldRequest))]
[JsonSerializable(typeof(HoldStatus))]
[JsonSerializable(typeof(ReleaseRequest))]
[JsonSerializable(typeof(HoldList))]
[JsonSerializable(typeof(StartupLine))]
public sealed partial class WireJson : JsonSerializerContext;
