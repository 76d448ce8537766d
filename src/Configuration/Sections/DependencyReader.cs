using Supervisor.Configuration.Text;
using Supervisor.Configuration.Values;

namespace Supervisor.Configuration.Sections;

/// <summary><c>dependsOn</c> of one service: names and the conditions to wait for. Names alone, in a list, wait for what is ready.</summary>
internal static class DependencyReader
{
    private const string Key = "dependsOn";

    /// <summary>Sorted, so that equal settings hash alike in any order.</summary>
    public static SortedDictionary<string, DependencyCondition> Read(SectionReader service)
    {
        var dependencies = new SortedDictionary<string, DependencyCondition>(StringComparer.Ordinal);

        switch (service.Node(Key))
        {
            case null:
                break;

            case ConfigNode.Section section:
                foreach (var member in section.Members)
                {
                    // A wrong condition is reported; the dependency still counts in the search for cycles.
                    dependencies[member.Name] =
                        SectionReader.ChoiceOf(member.Value, Choices.Condition, service.Mistakes) ?? DependencyCondition.Ready;
                }

                break;

            case ConfigNode.List or ConfigNode.Text:
                foreach (var name in service.Texts(Key, Parsed.Ok))
                    dependencies[name] = DependencyCondition.Ready;

                break;

            case var other:
                service.Mistakes.AddWrong(other, $"must be a list of names such as [\"db\"], or an object such as {{\"db\": \"ready\"}}{other.ButIs}");
                break;
        }

        return dependencies;
    }
}
