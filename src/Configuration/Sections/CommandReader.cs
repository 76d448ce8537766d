using Supervisor.Configuration.Shell;
using Supervisor.Configuration.Text;
using Supervisor.Configuration.Values;

namespace Supervisor.Configuration.Sections;

/// <summary>Reads commands: a list is a program and its arguments; a single text is run by the shell.</summary>
internal static class CommandReader
{
    /// <returns>null: the key is absent or wrong.</returns>
    public static IReadOnlyList<string>? Read(SectionReader section, string key)
    {
        var node = section.Node(key);

        if (node is not (null or ConfigNode.Text or ConfigNode.List))
        {
            section.Mistakes.AddWrong(node, $"must be a list such as [\"node\", \"server.js\"] or one text for the shell{node.ButIs}");
            return null;
        }

        var words = section.Texts(key, WithoutNul);

        if (node is not null && (words.Count == 0 || string.IsNullOrWhiteSpace(words[0])))
        {
            section.Mistakes.AddWrong(node, "must name a program");
            return null;
        }

        return node switch
        {
            null => null,
            ConfigNode.Text => ShellCommand.Of(words[0]),
            _ => words,
        };
    }

    /// <summary>For values that become arguments or environment variables: C strings end at a NUL.</summary>
    public static Parsed<string> WithoutNul(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? Parsed.Wrong<string>("must not contain a NUL character") : Parsed.Ok(text);
}
