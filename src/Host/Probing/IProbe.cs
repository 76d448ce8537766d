namespace Supervisor.Host.Probing;

/// <summary>Checks whether a server can serve. An attempt holds no resources after it has ended.</summary>
internal interface IProbe
{
    /// <summary>null: it can; else the reason why not. Throws only when cancelled.</summary>
    Task<string?> AttemptAsync(CancellationToken cancellationToken);

    /// <summary>For an attempt that waits: why it cannot while it does. null: attempts are short.</summary>
    string? WaitsFor => null;

    /// <summary>For an attempt that waits: what it waits for has come, perhaps after the attempt was cancelled.</summary>
    bool HasCome => false;

    /// <summary>Before readiness: an attempt that takes longer has failed.</summary>
    TimeSpan AttemptTimeout { get; }
}
