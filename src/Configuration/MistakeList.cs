using Supervisor.Configuration.Text;

namespace Supervisor.Configuration;

/// <summary>Collects every mistake of one reading. Not thread-safe: one reading owns it.</summary>
internal sealed class MistakeList(string file)
{
    private readonly List<Mistake> _mistakes = [];
    private readonly HashSet<string> _unexpanded = new(StringComparer.Ordinal);

    public bool IsEmpty => _mistakes.Count == 0;

    public void Add(string path, TextPosition at, string message)
    {
        // What else is wrong with a value is unknown until its variables are known.
        if (!_unexpanded.Contains(path))
            _mistakes.Add(new Mistake(file, path, at.Line, at.Column, message));
    }

    public void Add(ConfigNode node, string message) => Add(node.Path, node.At, message);

    /// <summary>A mistake in a value, which begins the message: <c>"5" must be a duration …</c>.</summary>
    public void AddWrong(ConfigNode node, string message) => Add(node, $"{Shown.Of(node)} {message}");

    /// <summary>A mistake in a variable of a value; no other mistake in that value is reported.</summary>
    public void AddUnexpanded(ConfigNode node, string message)
    {
        _mistakes.Add(new Mistake(file, node.Path, node.At.Line, node.At.Column, $"{Shown.Of(node)} {message}"));
        _unexpanded.Add(node.Path);
    }

    public IReadOnlyList<Mistake> InOrder() => [.. _mistakes.OrderBy(m => m.Line).ThenBy(m => m.Column)];
}
