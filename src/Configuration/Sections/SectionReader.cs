using Supervisor.Configuration.Text;
using Supervisor.Configuration.Values;

namespace Supervisor.Configuration.Sections;

/// <summary>
/// Reads the keys of one object. An absent or wrong value is replaced by its default (and a wrong one is reported), so that reading continues and
/// finds all other mistakes. Not thread-safe: one reading owns it.
/// </summary>
internal sealed class SectionReader
{
    private readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);
    private readonly string[] _keys;

    /// <param name="node">null: the section is absent, and every key has its default.</param>
    private SectionReader(ConfigNode.Section? node, string[] keys, MistakeList mistakes)
    {
        _keys = keys;
        Mistakes = mistakes;

        foreach (var member in node?.Members ?? [])
        {
            if (Array.IndexOf(keys, member.Name) >= 0)
                _members.Add(member.Name, member);
            else
                mistakes.Add(member.Value.Path, member.At, $"is an unknown key{Suggestion.For(member.Name, keys)}");
        }
    }

    public MistakeList Mistakes { get; }

    /// <returns>null: <paramref name="node"/> is not an object.</returns>
    public static SectionReader? Open(ConfigNode node, string[] keys, MistakeList mistakes) =>
        Expect<ConfigNode.Section>(node, "an object", mistakes) is { } section ? new SectionReader(section, keys, mistakes) : null;

    public static T? Expect<T>(ConfigNode node, string what, MistakeList mistakes)
        where T : ConfigNode
    {
        if (node is not T)
            mistakes.AddWrong(node, $"must be {what}{node.ButIs}");

        return node as T;
    }

    public ConfigNode? Node(string key)
    {
        if (Array.IndexOf(_keys, key) < 0)
            throw new ArgumentException($"\"{key}\" is missing in {nameof(Keys)}.", nameof(key));

        return _members.GetValueOrDefault(key)?.Value;
    }

    /// <summary>The position of the key's name, for mistakes about its presence.</summary>
    public TextPosition At(string key) => _members[key].At;

    /// <returns>A reader of defaults if the section is absent or not an object.</returns>
    public SectionReader Child(string key, string[] keys) =>
        OptionalChild(key, keys) ?? new SectionReader(node: null, keys, Mistakes);

    /// <returns>null: the section is absent or not an object.</returns>
    public SectionReader? OptionalChild(string key, string[] keys) => Node(key) is { } node ? Open(node, keys, Mistakes) : null;

    public bool Boolean(string key, bool otherwise) =>
        Node(key) is { } node && Expect<ConfigNode.Boolean>(node, "true or false", Mistakes) is { } given ? given.Value : otherwise;

    public int? WholeNumber(string key, int least, int most)
    {
        if (Node(key) is not { } node || Expect<ConfigNode.Number>(node, "a number", Mistakes) is not { } number)
            return null;

        if (number.Whole is { } whole && whole >= least && whole <= most)
            return (int)whole;

        Mistakes.AddWrong(node, $"must be a whole number from {least} to {most}");
        return null;
    }

    public T Choice<T>(string key, (string Word, T Value)[] choices, T otherwise)
        where T : struct =>
        Node(key) is { } node && ChoiceOf(node, choices, Mistakes) is { } choice ? choice : otherwise;

    public static T? ChoiceOf<T>(ConfigNode node, (string Word, T Value)[] choices, MistakeList mistakes)
        where T : struct
    {
        var words = string.Join(" or ", choices.Select(c => $"\"{c.Word}\""));

        if (Expect<ConfigNode.Text>(node, words, mistakes) is not { } text)
            return null;

        foreach (var (word, value) in choices)
        {
            if (word == text.Value)
                return value;
        }

        mistakes.AddWrong(node, $"must be {words}{Suggestion.For(text.Value, choices.Select(c => c.Word))}");
        return null;
    }

    /// <summary>A text with a format: a duration, a size, a signal.</summary>
    public T Value<T>(string key, Func<string, Parsed<T>> parse, T otherwise) =>
        Node(key) is { } node && Read(node, parse, Mistakes) is { IsValid: true } parsed ? parsed.Value : otherwise;

    /// <returns>null: the node is not a text.</returns>
    public static Parsed<T>? Read<T>(ConfigNode node, Func<string, Parsed<T>> parse, MistakeList mistakes)
    {
        if (Expect<ConfigNode.Text>(node, "a text in quotes", mistakes) is not { } text)
            return null;

        var parsed = parse(text.Value);

        if (!parsed.IsValid)
            mistakes.AddWrong(node, parsed.Mistake);

        return parsed;
    }

    /// <summary>A list of texts; a single text stands for a list of one.</summary>
    public IReadOnlyList<string> Texts(string key, Func<string, Parsed<string>> parse) => Node(key) switch
    {
        null => [],
        ConfigNode.Text single => Valid([single], parse),
        ConfigNode.List list => Valid(list.Items, parse),
        var other => None(other),
    };

    private IReadOnlyList<string> None(ConfigNode node)
    {
        Mistakes.AddWrong(node, $"must be a text or a list of texts{node.ButIs}");
        return [];
    }

    private List<string> Valid(IReadOnlyList<ConfigNode> items, Func<string, Parsed<string>> parse) =>
        [.. items.Select(item => Read(item, parse, Mistakes)).Where(parsed => parsed is { IsValid: true }).Select(parsed => parsed!.Value.Value!)];
}
