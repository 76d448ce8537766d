using System.Text;
using System.Text.Json;

namespace Supervisor.Configuration.Text;

/// <summary>
/// Parses JSON with comments and trailing commas into nodes with positions. A duplicate name is a mistake, and the first one counts. A syntax error
/// ends the parsing: the text after it cannot be interpreted.
/// </summary>
internal ref struct ConfigParser
{
    private const int MaxDepth = 64;

    private readonly LineMap _lines;
    private readonly MistakeList _mistakes;
    private Utf8JsonReader _reader;

    private ConfigParser(ReadOnlySpan<byte> text, LineMap lines, MistakeList mistakes)
    {
        _lines = lines;
        _mistakes = mistakes;
        _reader = new Utf8JsonReader(text, new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            MaxDepth = MaxDepth,
        });
    }

    /// <returns>null: there is a syntax error, which is among the mistakes.</returns>
    public static ConfigNode? Parse(ReadOnlySpan<byte> text, LineMap lines, MistakeList mistakes)
    {
        var parser = new ConfigParser(text, lines, mistakes);

        try
        {
            parser._reader.Read();
            var root = parser.Value("");
            parser._reader.Read();
            return root;
        }
        catch (JsonException e)
        {
            mistakes.Add("", lines.At(e.LineNumber ?? 0, e.BytePositionInLine ?? 0), "is not JSON: " + WithoutPlace(e.Message));
            return null;
        }
    }

    private ConfigNode Value(string path)
    {
        var at = _lines.At(_reader.TokenStartIndex);

        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => Section(path, at),
            JsonTokenType.StartArray => List(path, at),
            JsonTokenType.String => new ConfigNode.Text(path, at, Text(path, at)),
            JsonTokenType.Number => new ConfigNode.Number(path, at, _reader.TryGetInt64(out var whole) ? whole : null, Encoding.UTF8.GetString(_reader.ValueSpan)),
            JsonTokenType.True => new ConfigNode.Boolean(path, at, Value: true),
            JsonTokenType.False => new ConfigNode.Boolean(path, at, Value: false),
            _ => new ConfigNode.Null(path, at),
        };
    }

    private ConfigNode.Section Section(string path, TextPosition at)
    {
        var members = new List<Member>();
        var seen = new Dictionary<string, TextPosition>(StringComparer.Ordinal);

        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var nameAt = _lines.At(_reader.TokenStartIndex);
            var name = Text(path, nameAt);
            var inner = JsonPath.Join(path, name);
            _reader.Read();
            var value = Value(inner);

            if (seen.TryAdd(name, nameAt))
                members.Add(new Member(name, nameAt, value));
            else
                _mistakes.Add(inner, nameAt, $"is given twice; the first one is in line {seen[name].Line}");
        }

        return new ConfigNode.Section(path, at, members);
    }

    private ConfigNode.List List(string path, TextPosition at)
    {
        var items = new List<ConfigNode>();

        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            items.Add(Value($"{path}[{items.Count}]"));

        return new ConfigNode.List(path, at, items);
    }

    private readonly string Text(string path, TextPosition at)
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // A lone escape such as "\ud800" is half a character: JSON's grammar allows it, Unicode does not.
            _mistakes.Add(path, at, "contains half of a surrogate pair (\\uD800 to \\uDFFF), which is not a character");
            return "";
        }
    }

    private static string WithoutPlace(string message)
    {
        var place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return place < 0 ? message : message[..place];
    }
}
