using System.Globalization;

namespace Supervisor.Cli.Rendering;

/// <summary>How the start of several services went, in one line. Pure.</summary>
internal static class StartSummary
{
    /// <summary>Longer reasons are cut; <c>status</c> shows them whole.</summary>
    private const int ReasonWidth = 70;

    /// <summary>Neither up nor down for good.</summary>
    public static bool IsUnderWay(ServiceStatus service) => service.State switch
    {
        ServicePhase.Pending or ServicePhase.Starting or ServicePhase.Building or ServicePhase.Validating or ServicePhase.Draining or ServicePhase.Backoff => true,
        ServicePhase.Stopped => service.Generation == 0,
        _ => false,
    };

    /// <param name="addresses">What people open, by service; other ports are shown as numbers.</param>
    public static IReadOnlyList<Notice.Part> Of(IReadOnlyList<ServiceStatus> services, TimeSpan took, IReadOnlyDictionary<string, Uri> addresses)
    {
        var up = services.Where(IsUp).ToArray();
        var count = $"{(up.Length == services.Count ? up.Length.ToString(CultureInfo.InvariantCulture) : $"{up.Length} of {services.Count}")} ready in {Seconds(took)} s";

        return
        [
            new(count, up.Length == services.Count ? Tone.Good : Tone.Warning),
            .. services.Except(up).Select(service => new Notice.Part(Why(service), Tone.Bad)),
            .. up.Select(service => Address(service, addresses)).OfType<string>().Select(address => new Notice.Part(address, Tone.Plain)),
        ];
    }

    /// <returns>null: nothing is waited for.</returns>
    public static string? WaitingFor(IEnumerable<ServiceStatus> services)
    {
        var names = services.Where(IsUnderWay).Select(service => $"{service.Name} ({Wording.Of(service.State)}{Because(service)})").ToArray();
        return names.Length == 0 ? null : "waiting for " + string.Join(", ", names);
    }

    /// <summary>As <see cref="WaitingFor"/>, without states and reasons: those of a probe change with every attempt.</summary>
    public static string? NamesWaitedFor(IEnumerable<ServiceStatus> services) =>
        string.Join(", ", services.Where(IsUnderWay).Select(service => service.Name)) is { Length: > 0 } names ? names : null;

    private static bool IsUp(ServiceStatus service) => service.State switch
    {
        ServicePhase.Ready or ServicePhase.Running or ServicePhase.Completed => true,
        _ => false,
    };

    private static string Why(ServiceStatus service)
    {
        var state = Wording.Of(service.State).Replace('-', ' ');
        return service.Reason is { Length: > 0 } reason ? $"{service.Name}: {state}: \"{Brief(reason)}\"" : $"{service.Name}: {state}";
    }

    private static string Because(ServiceStatus service) => service.Reason is { Length: > 0 } reason
        ? ": " + Brief(reason)
        : "";

    // What follows a semicolon is advice or evidence.
    private static string Brief(string reason) => CellText.CutEnd(CellText.Plain(Headline.Of(reason).Split("; ")[0]), ReasonWidth);

    private static string? Address(ServiceStatus service, IReadOnlyDictionary<string, Uri> addresses)
    {
        if (addresses.TryGetValue(service.Name, out var address))
            return $"{service.Name} {address.GetLeftPart(UriPartial.Authority)}";

        return service.Ports.Count > 0 ? $"{service.Name} :{string.Join(" :", service.Ports)}" : null;
    }

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
