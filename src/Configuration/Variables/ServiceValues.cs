using System.Globalization;
using System.Text.RegularExpressions;
using Supervisor.Configuration.Text;

namespace Supervisor.Configuration.Variables;

/// <summary>
/// Replaces variables in the values of a service: <c>cwd</c>, <c>port</c>, <c>watch.paths</c>, <c>build</c>, <c>validate</c>, <c>ready</c>, <c>health</c> and commands that are lists.
/// The address of a probe may also say <c>$PORT</c>: no shell would replace that. Left alone are commands in one text (their variables are the shell's), the pattern <c>ready.log</c> (where <c>$</c> has a meaning) and globs.
/// </summary>
internal static partial class ServiceValues
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
            "build" or "validate" => Members(it.Value, inner => inner.Name == "command" ? Words(inner.Value, words, mistakes) : Expand(inner.Value, values, mistakes)),
            "ready" => Members(it.Value, inner => inner.Name switch
            {
                "log" => null,
                _ => Probe(inner, values, words, mistakes),
            }),
            "health" => Members(it.Value, inner => Probe(inner, values, words, mistakes)),
            _ => null,
        });
    }

    private static ConfigNode Probe(Member member, VariableScope values, VariableScope words, MistakeList mistakes) => member switch
    {
        { Name: "exec" } => Words(member.Value, words, mistakes),
        { Name: "http" or "tcp", Value: ConfigNode.Text text } => Expand(text with { Value = PlainPort().Replace(text.Value, "$${PORT}") }, values, mistakes),
        _ => Expand(member.Value, values, mistakes),
    };

    /// <returns>The node itself if a variable is not known; the mistakes say so.</returns>
    public static ConfigNode Expand(ConfigNode node, VariableScope scope, MistakeList mistakes)
    {
        switch (node)
        {
            case ConfigNode.List list:
                return list with { Items = [.. list.Items.Select(item => Expand(item, scope, mistakes))] };

            case ConfigNode.Section section:
                return Members(section, member => Expand(member.Value, scope, mistakes));

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

    [GeneratedRegex(@"(?<!\$)\$PORT(?!\w)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PlainPort();
}
