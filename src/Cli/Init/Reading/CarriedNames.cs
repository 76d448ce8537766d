using Supervisor.Configuration.Values;

namespace Supervisor.Cli.Init.Reading;

/// <summary>Names of services from names that other tools allow. Pure.</summary>
internal static class CarriedNames
{
    /// <returns>For each name a valid one; no two are the same.</returns>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<string> names)
    {
        var carried = new Dictionary<string, string>(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);

        foreach (var name in names.Distinct(StringComparer.Ordinal))
            carried[name] = Unique(Of(name), taken);

        return carried;
    }

    public static string Of(string name)
    {
        var kept = string.Join('-', string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-')).Split('-', StringSplitOptions.RemoveEmptyEntries)).Trim('-', '.', '_');
        kept = kept[..Math.Min(kept.Length, ServiceName.MaxLength - 4)];

        return kept switch { "" => "service", ServiceName.Reserved => ServiceName.Reserved + "-1", _ => kept };
    }

    /// <summary>The name, or the name with a number, that is not among <paramref name="taken"/>; adds it there.</summary>
    public static string Unique(string name, ISet<string> taken)
    {
        var unique = name;

        for (var number = 2; !taken.Add(unique); number++)
            unique = $"{name}-{number}";

        return unique;
    }
}
