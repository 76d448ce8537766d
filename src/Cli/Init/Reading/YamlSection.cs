using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Supervisor.Cli.Init.Reading;

/// <summary>A mapping of a YAML file, with the members that <c>&lt;&lt;</c> merges into it. What has another kind than asked for counts as absent.</summary>
internal sealed class YamlSection
{
    private const string MergeKey = "<<";

    /// <summary>A mapping may merge itself.</summary>
    private const int MaxMerges = 16;

    private readonly string _file;
    private readonly YamlNode _node;
    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)> _members = new(StringComparer.Ordinal);

    private YamlSection(string file, YamlMappingNode node)
    {
        (_file, _node) = (file, node);
        Add(node, MaxMerges);
    }

    public IEnumerable<string> Names => _members.Keys;

    public SourcePlace Place => PlaceOf(_node);

    /// <exception cref="UnreadableSourceException">It is no YAML mapping.</exception>
    public static YamlSection Parse(string file, string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));

            return stream.Documents.FirstOrDefault()?.RootNode is YamlMappingNode root
                ? new YamlSection(file, root)
                : throw new UnreadableSourceException(new SourcePlace(file, 1), "is no YAML mapping");
        }
        catch (YamlException wrong)
        {
            throw new UnreadableSourceException(new SourcePlace(file, (int)wrong.Start.Line), $"is not YAML: {wrong.Message}", wrong);
        }
    }

    public bool Has(string name) => _members.ContainsKey(name);

    public SourcePlace PlaceOf(string name) => _members.TryGetValue(name, out var member) ? PlaceOf(member.Key) : Place;

    public YamlSection? Section(string name) => Value(name) is YamlMappingNode section ? new YamlSection(_file, section) : null;

    /// <returns>null: absent, empty, or no scalar.</returns>
    public string? Text(string name) => Scalar(Value(name));

    public bool IsTrue(string name) => Text(name)?.ToUpperInvariant() is "TRUE" or "YES" or "ON";

    public bool IsFalse(string name) => Text(name)?.ToUpperInvariant() is "FALSE" or "NO" or "OFF";

    public int? Number(string name) =>
        int.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public bool IsList(string name) => Value(name) is YamlSequenceNode;

    /// <summary>The scalars of a list; a scalar alone is a list of one.</summary>
    public IReadOnlyList<string> Texts(string name) => Value(name) switch
    {
        YamlSequenceNode list => [.. list.Select(Scalar).OfType<string>()],
        { } node when Scalar(node) is { } single => [single],
        _ => [],
    };

    /// <summary>The mappings of a list.</summary>
    public IEnumerable<YamlSection> Sections(string name) =>
        Value(name) is YamlSequenceNode list ? list.OfType<YamlMappingNode>().Select(item => new YamlSection(_file, item)) : [];

    /// <summary>Variables, as a mapping or as a list of <c>NAME=value</c>; a value of null is one that only passes on.</summary>
    public IReadOnlyList<(string Name, string? Value)> Variables(string name) => Section(name) is { } section
        ? [.. section.Names.Select(variable => (variable, Scalar(section.Value(variable))))]
        : [.. Texts(name).Select(entry => entry.Split('=', 2) is [var variable, var value] ? (variable, value) : (entry, (string?)null))];

    private YamlNode? Value(string name) => _members.TryGetValue(name, out var member) ? member.Value : null;

    private SourcePlace PlaceOf(YamlNode node) => new(_file, (int)node.Start.Line);

    /// <summary>The mapping's own members win over merged ones.</summary>
    private void Add(YamlMappingNode node, int merges)
    {
        foreach (var (key, value) in node.Children)
        {
            if (key is YamlScalarNode { Value: { } name and not MergeKey })
                _members.TryAdd(name, (key, value));
        }

        if (merges == 0 || !node.Children.TryGetValue(new YamlScalarNode(MergeKey), out var merged))
            return;

        foreach (var other in merged is YamlSequenceNode several ? several.OfType<YamlMappingNode>() : new[] { merged }.OfType<YamlMappingNode>())
            Add(other, merges - 1);
    }

    private static string? Scalar(YamlNode? node) => node is YamlScalarNode { Value: { } text } scalar
        && !(scalar.Style == ScalarStyle.Plain && text is "" or "~" or "null") ? text : null;
}
