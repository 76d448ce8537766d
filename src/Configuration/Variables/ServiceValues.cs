using System.Globalization;
using Supervisor.Configuration.Sections;
using Supervisor.Configuration.Text;

namespace Supervisor.Configuration.Variables;

/// <summary>
/// Replaces variables in the values of a service: <c>cwd</c>, <c>port</c>, <c>watch.paths</c>, <c>build</c>, <c>validate</c>, <c>ready</c>, <c>health</c> and commands that are lists, <c>stop.command</c> too.
/// Left alone are commands in one text (their variables are the shell's), the pattern <c>ready.log</c> (where <c>$</c> has a meaning) and globs.
/// </summary>
internal static class ServiceValues
{
    private const string Port = "PORT";

    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "zsh", "ksh", "fish"];

    public static ConfigNode.Section Expand(ConfigNode.Section service, ServiceInstance instance, VariableScope scope, MistakeList mistakes)
    {
        var port = service.Members.FirstOrDefault(member => member.Name == "port") is { } member ? PortOf(member.Value, instance, scope, mistakes) : null;
        var values = WithPort(scope, port);
        var words = TakesAnotherPort(service)
            ? values.WithUnknown(Port, "which is known only at the start, because \"onPortConflict\" is \"next\"; write the command as one text: the shell expands $PORT")
            : values;
        var stopWords = words.WithUnknown(
            StopVariables.MainProcess, $"which is known only at the stop; write the command as one text: the shell expands ${StopVariables.MainProcess}");

        return Members(service, it => it.Name switch
        {
            "port" => port,
            "cwd" => Expand(it.Value, values, mistakes),
            "command" => Words(it.Value, words, mistakes),
            "watch" => Members(it.Value, inner => inner.Name == "paths" ? Expand(inner.Value, values, mistakes) : null),
            "build" or "validate" => Members(it.Value, inner => inner.Name == "command" ? Words(inner.Value, words, mistakes) : Expand(inner.Value, values, mistakes)),
            "stop" => Members(it.Value, inner => inner.Name == "command" ? Words(inner.Value, stopWords, mistakes) : null),
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

            case ConfigNode.Text text:
                return Expand(text, scope, Interpolation.Expand, mistakes);

            default:
                return node;
        }
    }

    private static ConfigNode.Text Expand(ConfigNode.Text text, VariableScope scope, Func<string, VariableScope, Action<string>, string> expand, MistakeList mistakes)
    {
        if (!Interpolation.Concerns(text.Value))
            return text;

        var isWrong = false;
        var expanded = expand(text.Value, scope, what =>
        {
            isWrong = true;

            if (scope.IsIncomplete)
                mistakes.Excuse(text);
            else
                mistakes.AddUnexpanded(text, what);
        });
        return isWrong ? text : text with { Value = expanded };
    }

    /// <summary>A command in one text is for the shell, and so is a script that a list gives to one.</summary>
    private static ConfigNode Words(ConfigNode command, VariableScope scope, MistakeList mistakes)
    {
        if (command is not ConfigNode.List { Items: var words } list)
            return command;

        return list with
        {
            Items = [.. words.Select((word, i) => word is ConfigNode.Text script && IsScript(words, i)
                ? Expand(script, scope, Interpolation.ExpandBraced, mistakes)
                : Expand(word, scope, mistakes))],
        };
    }

    /// <summary>As in <c>bash -lc SCRIPT</c>, wherever in the list.</summary>
    private static bool IsScript(IReadOnlyList<ConfigNode> words, int index) =>
        index >= 2 && words[index - 1] is ConfigNode.Text { Value: ['-', not '-', ..] and [.., 'c'] }
        && words[index - 2] is ConfigNode.Text program && Shells.Contains(Path.GetFileName(program.Value), StringComparer.Ordinal);

    /// <summary>The declared port is what the server finds in PORT.</summary>
    private static VariableScope WithPort(VariableScope scope, ConfigNode? port) => port is ConfigNode.Number number
        ? scope.With(new EnvironmentLayer(
            VariableSource.Supervisor, File: null, new Dictionary<string, string>(StringComparer.Ordinal) { [Port] = number.Written }))
        : scope;

    private static bool TakesAnotherPort(ConfigNode.Section service) =>
        service.Members.Any(member => member.Name == "port") && service.Members.Any(member => member is { Name: "onPortConflict", Value: ConfigNode.Text { Value: "next" } });

    /// <summary>Counted up from the first instance, unless the value itself says what each has.</summary>
    private static ConfigNode PortOf(ConfigNode written, ServiceInstance instance, VariableScope scope, MistakeList mistakes) =>
        ExpandNumber(written, scope, mistakes) is ConfigNode.Number { Whole: { } first } number
        && !(written is ConfigNode.Text text && text.Value.Contains(ServiceInstance.Variable, StringComparison.Ordinal))
            ? number with { Whole = first + instance.PortOffset, Written = (first + instance.PortOffset).ToString(CultureInfo.InvariantCulture) }
            : ExpandNumber(written, scope, mistakes);

    /// <summary>A number may come out of a variable.</summary>
    public static ConfigNode ExpandNumber(ConfigNode written, VariableScope scope, MistakeList mistakes) =>
        Expand(written, scope, mistakes) is var expanded && expanded is ConfigNode.Text text && expanded != written && long.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
            ? new ConfigNode.Number(text.Path, text.At, whole, text.Value)
            : expanded;

    private static ConfigNode Members(ConfigNode node, Func<Member, ConfigNode?> replaced) => node is ConfigNode.Section section ? Members(section, replaced) : node;

    private static ConfigNode.Section Members(ConfigNode.Section section, Func<Member, ConfigNode?> replaced) =>
        section with { Members = [.. section.Members.Select(member => replaced(member) is { } value ? member with { Value = value } : member)] };
}
