namespace Supervisor.Host.Probing;

/// <summary>One way of asking a server whether it can serve. An attempt holds nothing after it has ended.</summary>
internal interface IProbe
{
    /// <summary>null: yes; else why not, in words. Throws only when cancelled.</summary>
    Task<string?> AttemptAsync(CancellationToken cancellationToken);

    /// <summary>What takes longer is a miss.</summary>
    TimeSpan AttemptTimeout { get; }

    /// <summary>Cheap and harmless enough to go on asking a server that is ready.</summary>
    bool MayBeRepeated { get; }
}
