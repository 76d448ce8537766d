using System.Text.RegularExpressions;

namespace Supervisor.Unit.Documentation;

/// <summary>A fenced block of a document.</summary>
/// <param name="Place">Document and line, for messages.</param>
internal sealed record CodeBlock(string Place, string Language, string Text);

/// <summary>One Markdown file: its blocks, headings, links and table rows.</summary>
internal sealed partial class Document
{
    private readonly string[] _lines;

    private Document(string path, string text)
    {
        Path = path;
        Text = text;
        _lines = text.Split('\n');
        (Blocks, Prose) = Split();
    }

    /// <summary>Every document that a reader of the repository is expected to open.</summary>
    public static IReadOnlyList<Document> All { get; } =
    [
        Open("README.md"), Open("CONTRIBUTING.md"), Open("CHANGELOG.md"),
        .. Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(file => Open(Repository.Relative(file))),
    ];

    /// <summary>Relative to the repository.</summary>
    public string Path { get; }

    public string Text { get; }

    public IReadOnlyList<CodeBlock> Blocks { get; }

    /// <summary>The lines outside of blocks.</summary>
    public IReadOnlyList<string> Prose { get; }

    /// <summary>What a link may name after #, as GitHub makes it from headings.</summary>
    public IEnumerable<string> Anchors => Prose.Where(line => line.StartsWith('#')).Select(Anchor);

    public IEnumerable<string> Links =>
        Prose.SelectMany(line => Link().Matches(CodeSpan().Replace(line, "code"))).Select(match => match.Groups[1].Value);

    public static Document Open(string path) => new(path, File.ReadAllText(System.IO.Path.Combine(Repository.Root, path)));

    public static Document Of(string text, string path = "docs/example.md") => new(path, text);

    /// <summary>The table row that begins with this cell; empty: there is none.</summary>
    public string Row(string cell) => Prose.FirstOrDefault(line => line.StartsWith($"| {cell} |", StringComparison.Ordinal)) ?? "";

    /// <summary>Everything from this heading of the second level to the next one; empty: there is no such heading.</summary>
    public string Section(string heading) => string.Join('\n', _lines
        .SkipWhile(line => line != $"## {heading}").Skip(1)
        .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal)));

    private static string Anchor(string heading) =>
        NotInAnchor().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    private (IReadOnlyList<CodeBlock> Blocks, IReadOnlyList<string> Prose) Split()
    {
        List<CodeBlock> blocks = [];
        List<string> prose = [];

        for (var i = 0; i < _lines.Length; i++)
        {
            if (!_lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                prose.Add(_lines[i]);
                continue;
            }

            var body = _lines.Skip(i + 1).TakeWhile(line => line != "```").ToArray();
            blocks.Add(new CodeBlock($"{Path}:{i + 1}", _lines[i][3..].Trim(), string.Join('\n', body)));
            i += body.Length + 1;
        }

        return (blocks, prose);
    }

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"[^\p{L}\p{Nd} _-]")]
    private static partial Regex NotInAnchor();
}
