using System.Globalization;
using Supervisor.Configuration.Text;

namespace Supervisor.Configuration.Variables;

/// <summary>
/// Replaces variables in the values of a service: <c>cwd</c>, <c>port</c>, <c>watch.paths</c>, <c>validate</c>, <c>ready</c>, <c>health</c> and commands that are lists.
/// Left alone are commands in one text (their variables are the shell's), the pattern <c>ready.log</c> (where <c>$</c> has a meaning) and globs.
/// </summary>
internal static class ServiceValues
{
    private const string Port = "PORT";

    public static ConfigNode.Section Expand(ConfigNode.Section service, VariableScope scope, MistakeList mistakes)
    {
        var port = service.Members.FirstOrDefault(member => member.Name == "port") is { } member ? AsNumber(member.Value, Expand(member.Value, scope, mistakes)) : null;
        var values = WithPort(scope, port);
        var words = TakesAnotherPort(service)
            ? values.WithUnknown(Port, "which is known only at the start, because \"onPortConflict\" is \"next\"; write the command as one text: the shell expands $PORT")
            : values;

        return Members(service, it => it.Name switch
        {
            "port" => port,
            "cwd" => Expand(it.Value, values, mistakes),
            "command" => Words(it.Value, words, mistakes),
            "watch" => Members(it.Value, inner => inner.Name == "paths" ? Expand(inner.Value, values, mistakes) : null),
            "validate" => Members(it.Value, inner => inner.Name == "command" ? Words(inner.Value, words, mistakes) : Expand(inner.Value, values, mistakes)),
            "ready" => Members(it.Value, inner => inner.Name switch
            {
                "exec" => Words(inner.Value, words, mistakes),
                "http" or "tcp" or "timeout" => Expand(inner.Value, values, mistakes),
                _ => null,
            }),
            "health" => Members(it.Value, inner => inner.Name == "exec" ? Words(inner.Value, words, mistakes) : Expand(inner.Value, values, mistakes)),
            _ => null,
        });
    }

    /// <returns>The node itself if a variable is not known; the mistakes say so.</returns>
    public static ConfigNode Expand(ConfigNode node, VariableScope scope, MistakeList mistakes)
    {
        switch (node)
        {
            case ConfigNode.List list:
                return list with { Items = [.. list.Items.Select(item => Expand(item, scope, mistakes))] };

            case ConfigNode.Text text when Interpolation.Concerns(text.Value):
                var isWrong = false;
                var expanded = Interpolation.Expand(text.Value, scope, what =>
                {
                    isWrong = true;

                    if (scope.IsIncomplete)
                        mistakes.Excuse(text);
                    else
                        mistakes.AddUnexpanded(text, what);
                });
                return isWrong ? text : text with { Value = expanded };

            default:
                return node;
        }
    }

    /// <summary>A command in one text is for the shell.</summary>
    private static ConfigNode Words(ConfigNode command, VariableScope scope, MistakeList mistakes) =>
        command is ConfigNode.List ? Expand(command, scope, mistakes) : command;

    /// <summary>The declared port is what the server finds in PORT.</summary>
    private static VariableScope WithPort(VariableScope scope, ConfigNode? port) => port is ConfigNode.Number number
        ? scope.With(new EnvironmentLayer(
            VariableSource.Supervisor, File: null, new Dictionary<string, string>(StringComparer.Ordinal) { [Port] = number.Written }))
        : scope;

    private static bool TakesAnotherPort(ConfigNode.Section service) =>
        service.Members.Any(member => member.Name == "port") && service.Members.Any(member => member is { Name: "onPortConflict", Value: ConfigNode.Text { Value: "next" } });

    /// <summary>A number that came out of a variable.</summary>
    private static ConfigNode AsNumber(ConfigNode written, ConfigNode expanded) =>
        expanded is ConfigNode.Text text && expanded != written && long.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
            ? new ConfigNode.Number(text.Path, text.At, whole, text.Value)
            : expanded;

    private static ConfigNode Members(ConfigNode node, Func<Member, ConfigNode?> replaced) => node is ConfigNode.Section section ? Members(section, replaced) : node;

    private static ConfigNode.Section Members(ConfigNode.Section section, Func<Member, ConfigNode?> replaced) =>
        section with { Members = [.. section.Members.Select(member => replaced(member) is { } value ? member with { Value = value } : member)] };
}
