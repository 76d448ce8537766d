namespace Supervisor.Stress.Observing;

/// <summary>One look at what a service serves.</summary>
/// <param name="Served">Path → hash of what the running server has read; null: nobody answered.</param>
/// <param name="Trouble">Why nobody answered, in words.</param>
internal sealed record ContentSnapshot(TimeSpan At, IReadOnlyDictionary<string, string>? Served, string? Trouble)
{
    public bool Agrees(string path, string? wanted) => Served is not null && Served.GetValueOrDefault(path) == wanted;

    /// <summary>How the path is served otherwise than it is wanted.</summary>
    public string Describe(string path, string? wanted) => (Served?.GetValueOrDefault(path), wanted) switch
    {
        _ when Served is null => $"{path} is served by nobody: {Trouble}",
        (null, _) => $"{path} is not served, on disk it is {wanted}",
        ({ } served, null) => $"{path} is served as {served} and gone from disk",
        ({ } served, _) => $"{path} is served as {served}, on disk it is {wanted}",
    };
}
