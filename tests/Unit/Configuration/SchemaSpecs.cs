using System.Globalization;
using System.Text.Json;
using Supervisor.Configuration.Sections;

namespace Supervisor.Unit.Configuration;

/// <summary>The schema for editors and the reader of the configuration agree.</summary>
public sealed class SchemaSpecs
{
    private static readonly JsonElement Schema =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "supervisor.schema.json"))).RootElement;

    public static TheoryData<string, string[]> Sections => new()
    {
        { "", Keys.Root },
        { "$defs/envFile", Keys.EnvFile },
        { "properties/watcher", Keys.Watcher },
        { "properties/watcher/properties/limits", Keys.WatcherLimits },
        { "$defs/backoff", Keys.Backoff },
        { "$defs/service", Keys.Service },
        { "$defs/service/properties/watch", Keys.Watch },
        { "$defs/service/properties/build", Keys.Build },
        { "$defs/service/properties/validate", Keys.Validate },
        { "$defs/service/properties/ready", Keys.Ready },
        { "$defs/service/properties/health", Keys.Health },
        { "$defs/service/properties/restart", Keys.Restart },
        { "$defs/service/properties/restart/properties/crashLoop", Keys.CrashLoop },
        { "$defs/service/properties/stop", Keys.Stop },
        { "$defs/service/properties/limits", Keys.Limits },
        { "$defs/service/properties/logs", Keys.Logs },
    };

    public static TheoryData<string, string[]> Enumerations => new()
    {
        { "properties/watcher/properties/backend/enum", Words(Choices.Backend) },
        { "properties/reload/enum", Words(Choices.Reload) },
        { "properties/watcher/properties/compare/enum", Words(Choices.Compare) },
        { "$defs/service/properties/onPortConflict/enum", Words(Choices.OnPortConflict) },
        { "$defs/service/properties/stdin/enum", Words(Choices.Stdin) },
        { "$defs/service/properties/health/properties/onFailure/enum", Words(Choices.OnHealthFailure) },
        { "$defs/service/properties/restart/properties/policy/enum", Words(Choices.Policy) },
        { "$defs/service/properties/dependsOn/anyOf/2/additionalProperties/enum", Words(Choices.Condition) },
        { "$defs/service/properties/kind/enum", Words(Choices.Kind) },
    };

    [Theory]
    [MemberData(nameof(Sections))]
    public void The_schema_and_the_reader_know_the_same_keys(string section, string[] keys)
    {
        var described = At(section);

        described.GetProperty("properties").EnumerateObject().Select(p => p.Name).Should().BeEquivalentTo(keys);
        described.GetProperty("additionalProperties").GetBoolean().Should().BeFalse();
    }

    [Theory]
    [MemberData(nameof(Enumerations))]
    public void The_schema_and_the_reader_know_the_same_words(string place, string[] words) =>
        At(place).EnumerateArray().Select(word => word.GetString()).Should().Equal(words);

    [Fact]
    public void No_section_of_the_schema_is_unknown_to_the_reader()
    {
        var tested = Sections.Select(row => (string)((object[])row)[0]).Distinct(StringComparer.Ordinal);

        Closed(Schema, "").Should().BeEquivalentTo(tested);
    }

    [Fact]
    public void The_repositorys_own_configuration_has_no_mistake() =>
        Supervisor.Configuration.ConfigurationFile.Read(Path.Combine(Repository.Root, "supervisor.json"))
            .Should().BeOfType<Supervisor.Configuration.ReadResult.Valid>();

    private static string[] Words<T>((string Word, T Value)[] choices) => [.. choices.Select(c => c.Word)];

    private static JsonElement At(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(
            Schema, (element, step) => element.ValueKind == JsonValueKind.Array ? element[int.Parse(step, CultureInfo.InvariantCulture)] : element.GetProperty(step));

    /// <summary>Every object of the schema that refuses unknown keys, by its path.</summary>
    private static IEnumerable<string> Closed(JsonElement element, string place)
    {
        if (element.ValueKind != JsonValueKind.Object)
            yield break;

        if (element.TryGetProperty("additionalProperties", out var more) && more.ValueKind == JsonValueKind.False)
            yield return place;

        foreach (var property in element.EnumerateObject())
        {
            foreach (var found in Closed(property.Value, place.Length == 0 ? property.Name : $"{place}/{property.Name}"))
                yield return found;
        }
    }
}
