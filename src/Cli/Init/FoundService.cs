using System.Text.Json.Nodes;

namespace Supervisor.Cli.Init;

/// <summary>A place in a file of the project.</summary>
/// <param name="File">Relative to the folder of the configuration.</param>
/// <param name="Line">From 1; 0: the file as a whole.</param>
internal readonly record struct SourcePlace(string File, int Line)
{
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}";
}

/// <summary>Something of a file that the configuration does not have, or has in another form.</summary>
internal sealed record Remark(SourcePlace Place, string Text)
{
    public override string ToString() => $"{Place}: {Text}";
}

/// <summary>One service as a file describes it.</summary>
/// <param name="Members">Its entry in the configuration.</param>
/// <param name="PortIsUsual">The port is the usual one of its framework: another free one does as well.</param>
internal sealed record FoundService(string Name, SourcePlace Place, JsonObject Members, IReadOnlyList<Remark> NotCarriedOver, bool PortIsUsual = false);

/// <summary>What one file describes.</summary>
/// <param name="NotCarriedOver">Of the file as a whole.</param>
internal sealed record FoundServices(string File, IReadOnlyList<FoundService> Services, IReadOnlyList<Remark> NotCarriedOver)
{
    /// <summary>Members of the configuration beside <c>services</c> and <c>groups</c>.</summary>
    public JsonObject ForAll { get; init; } = [];

    /// <summary>Names that stand for services.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Groups { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
}

/// <summary>A file cannot be read as what it should be.</summary>
internal sealed class UnreadableSourceException(SourcePlace place, string message, Exception? inner = null) : Exception($"{place}: {message}", inner);
