using System.Text.Json.Nodes;

namespace Supervisor.Cli.Init.Reading;

/// <summary>A service while a reader collects its members. Not thread-safe: one reader owns it.</summary>
internal sealed class ServiceDraft(string name, SourcePlace place)
{
    private readonly JsonObject _members = [];
    private readonly List<Remark> _notCarriedOver = [];

    public string Name { get; } = name;

    /// <summary>Leaves the member out where there is no value, or an empty one.</summary>
    public void Set(string key, JsonNode? value)
    {
        if (value is not (null or JsonObject { Count: 0 } or JsonArray { Count: 0 }))
            _members[key] = value;
    }

    public void NotCarriedOver(SourcePlace at, string text) => _notCarriedOver.Add(new Remark(at, text));

    public FoundService Done(bool portIsUsual = false) => new(Name, place, _members, _notCarriedOver, portIsUsual);
}
