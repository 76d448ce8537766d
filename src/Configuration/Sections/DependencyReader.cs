using Supervisor.Configuration.Text;

namespace Supervisor.Configuration.Sections;

/// <summary><c>dependsOn</c> of one service: names and the conditions to wait for.</summary>
internal static class DependencyReader
{
    /// <summary>Sorted, so that equal settings hash alike in any order.</summary>
    public static SortedDictionary<string, DependencyCondition> Read(SectionReader service)
    {
        var dependencies = new SortedDictionary<string, DependencyCondition>(StringComparer.Ordinal);

        if (service.Node("dependsOn") is not { } node
            || SectionReader.Expect<ConfigNode.Section>(node, "an object such as {\"db\": \"ready\"}", service.Mistakes) is not { } section)
            return dependencies;

        foreach (var member in section.Members)
        {
            // A wrong condition is reported; the dependency still counts in the search for cycles.
            dependencies[member.Name] =
                SectionReader.ChoiceOf(member.Value, Choices.Condition, service.Mistakes) ?? DependencyCondition.Ready;
        }

        return dependencies;
    }
}
