using System.Text.Json;

namespace Supervisor.Configuration;

/// <summary>The difference between two configurations. Pure; any thread. The order of services makes none.</summary>
public static class PlanDifference
{
    /// <summary>Keys whose name in the file is not that of the contract.</summary>
    private static readonly Dictionary<string, string> KeyNames =
        new(StringComparer.Ordinal) { ["workingDirectory"] = "cwd", ["environment"] = "env", ["envFiles"] = "envFile" };

    /// <param name="before">Of the running tree.</param>
    /// <param name="after">Of the file.</param>
    public static ConfigurationDifference Between(TreeSpec before, TreeSpec after)
    {
        var earlier = before.Services.ToDictionary(service => service.Name, StringComparer.Ordinal);
        var later = after.Services.Select(service => service.Name).ToHashSet(StringComparer.Ordinal);
        var changed = after.Services.Select(now => earlier.TryGetValue(now.Name, out var then) ? Between(then, now) : null).OfType<ServiceDifference>().ToArray();

        return new ConfigurationDifference(
            [.. later.Where(service => !earlier.ContainsKey(service))],
            [.. before.Services.Select(service => service.Name).Where(service => !later.Contains(service))],
            changed,
            [.. later.Where(earlier.ContainsKey).Except(changed.Select(difference => difference.Service), StringComparer.Ordinal)],
            [.. Settings(before, after)]);
    }

    /// <summary>What a file that was just read would change in a running tree; null: nothing.</summary>
    public static ConfigurationChange? Pending(TreeSpec running, ReadResult read)
    {
        var difference = read is ReadResult.Valid { Spec: var spec } ? Between(running, spec.Over(running)) : null;
        return difference is { IsEmpty: true } ? null : new ConfigurationChange(difference, read.MistakeLines);
    }

    private static ServiceDifference? Between(ServiceSpec before, ServiceSpec after)
    {
        var keys = ChangedKeys(ToJson(before), ToJson(after)).ToArray();
        return keys.Length == 0 ? null : new ServiceDifference(after.Name, keys, SpecHash.Of(before) != SpecHash.Of(after));
    }

    private static IEnumerable<string> Settings(TreeSpec before, TreeSpec after)
    {
        var (then, now) = (ToJson(before), ToJson(after));

        foreach (var key in ChangedKeys(then, now))
        {
            if (key == "watcher")
            {
                foreach (var inner in ChangedKeys(then.GetProperty(key), now.GetProperty(key)))
                    yield return $"{key}.{inner}";
            }
            else if (key != "services")
            {
                yield return key;
            }
        }
    }

    private static IEnumerable<string> ChangedKeys(JsonElement before, JsonElement after) => after.EnumerateObject()
        .Where(member => !JsonElement.DeepEquals(member.Value, before.GetProperty(member.Name)))
        .Select(member => KeyNames.GetValueOrDefault(member.Name, member.Name));

    private static JsonElement ToJson(ServiceSpec spec) => JsonSerializer.SerializeToElement(spec, ContractJson.Default.ServiceSpec);

    private static JsonElement ToJson(TreeSpec spec) => JsonSerializer.SerializeToElement(spec, ContractJson.Default.TreeSpec);
}
