namespace Supervisor.Stress.Observing;

/// <summary>What a service serves at one moment.</summary>
/// <param name="Served">Path → hash of what the running server has read; null: no answer.</param>
/// <param name="Trouble">Why there was no answer.</param>
internal sealed record ContentSnapshot(TimeSpan At, IReadOnlyDictionary<string, string>? Served, string? Trouble)
{
    public bool Agrees(string path, string? wanted) => Served is not null && Served.GetValueOrDefault(path) == wanted;

    /// <summary>How the served path differs from the wanted content.</summary>
    public string Describe(string path, string? wanted) => (Served?.GetValueOrDefault(path), wanted) switch
    {
        _ when Served is null => $"{path} is not served: {Trouble}",
        (null, _) => $"{path} is not served, on disk it is {wanted}",
        ({ } served, null) => $"{path} is served as {served} and gone from disk",
        ({ } served, _) => $"{path} is served as {served}, on disk it is {wanted}",
    };
}
