using Supervisor.Configuration.Text;

namespace Supervisor.Configuration;

/// <summary>Collects every mistake of one reading. Not thread-safe: one reading owns it.</summary>
internal sealed class MistakeList(string file)
{
    private readonly List<Mistake> _mistakes = [];
    private readonly List<Mistake> _lacks = [];
    private readonly HashSet<string> _unexpanded = new(StringComparer.Ordinal);

    public bool IsEmpty => _mistakes.Count == 0;

    /// <summary>What is written is right, but names something that is not there: only a service that needs it cannot start.</summary>
    public IReadOnlyList<Mistake> Lacks => InOrder(_lacks);

    public void Add(string path, TextPosition at, string message)
    {
        // What else is wrong with a value is unknown until its variables are known.
        if (!_unexpanded.Contains(path))
            AddOnce(_mistakes, new Mistake(file, path, at.Line, at.Column, message));
    }

    public void Add(ConfigNode node, string message) => Add(node.Path, node.At, message);

    /// <summary>A mistake in a value, which begins the message: <c>"5" must be a duration …</c>.</summary>
    public void AddWrong(ConfigNode node, string message) => Add(node, $"{Shown.Of(node)} {message}");

    /// <summary>A file or folder that does not exist (yet).</summary>
    public void AddLack(ConfigNode node, string message)
    {
        if (!_unexpanded.Contains(node.Path))
            AddOnce(_lacks, new Mistake(file, node.Path, node.At.Line, node.At.Column, $"{Shown.Of(node)} {message}"));
    }

    /// <summary>The variables of a value come from a file that is lacking: nothing can be said about the value.</summary>
    public void Excuse(ConfigNode node) => _unexpanded.Add(node.Path);

    /// <summary>A mistake in a variable of a value; no other mistake in that value is reported.</summary>
    public void AddUnexpanded(ConfigNode node, string message)
    {
        AddOnce(_mistakes, new Mistake(file, node.Path, node.At.Line, node.At.Column, $"{Shown.Of(node)} {message}"));
        _unexpanded.Add(node.Path);
    }

    /// <summary>A service with instances is read once for each.</summary>
    private static void AddOnce(List<Mistake> list, Mistake mistake)
    {
        if (!list.Contains(mistake))
            list.Add(mistake);
    }

    public IReadOnlyList<Mistake> InOrder() => InOrder(_mistakes);

    private static IReadOnlyList<Mistake> InOrder(IEnumerable<Mistake> mistakes) => [.. mistakes.OrderBy(m => m.Line).ThenBy(m => m.Column)];
}
