using Supervisor.Configuration.Sections;
using Supervisor.Configuration.Text;

namespace Supervisor.Configuration.Variables;

/// <summary>The value of <c>envFile</c>: a path, which ends with a question mark where the file may be missing, or an object that says so.</summary>
/// <param name="Node">Where the path is written.</param>
/// <param name="Path">Absolute.</param>
internal sealed record EnvFileReference(ConfigNode Node, string Path, bool IsRequired)
{
    private const char Optional = '?';

    /// <param name="expand">Replaces the variables of a value.</param>
    /// <returns>null: the mistakes say what is wrong.</returns>
    public static EnvFileReference? Read(ConfigNode node, Func<ConfigNode, ConfigNode> expand, PathResolver paths, MistakeList mistakes)
    {
        if (node is ConfigNode.Section)
        {
            var section = SectionReader.Open(node, Keys.EnvFile, mistakes)!;
            var isRequired = section.Boolean("required", otherwise: true);

            if (section.Node("path") is { } path)
                return Of(path, expand(path), isRequired, paths, mistakes);

            mistakes.Add(node, "has no \"path\": name the file, for example { \"path\": \".env\", \"required\": false }");
            return null;
        }

        return expand(node) is ConfigNode.Text { Value: [.. var named, Optional] } text
            ? Of(node, text with { Value = named }, isRequired: false, paths, mistakes)
            : Of(node, expand(node), isRequired: true, paths, mistakes);
    }

    private static EnvFileReference? Of(ConfigNode written, ConfigNode expanded, bool isRequired, PathResolver paths, MistakeList mistakes) =>
        SectionReader.Read(expanded, paths.Absolute, mistakes) is { IsValid: true } path ? new EnvFileReference(written, path.Value, isRequired) : null;
}
