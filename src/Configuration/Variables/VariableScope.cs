namespace Supervisor.Configuration.Variables;

/// <summary>The layers whose variables a value may refer to, lowest first. Immutable.</summary>
/// <param name="Unknown">Variables that get their value only at the start of a server, each with the reason.</param>
internal sealed record VariableScope(IReadOnlyList<EnvironmentLayer> Layers, IReadOnlyDictionary<string, string> Unknown)
{
    private static readonly Dictionary<string, string> None = new(StringComparer.Ordinal);

    public static VariableScope Of(IReadOnlyDictionary<string, string> shell) => new([new EnvironmentLayer(VariableSource.Shell, File: null, shell)], None);

    public IEnumerable<string> Names => Layers.SelectMany(layer => layer.Variables.Keys);

    /// <summary>null: no layer sets it.</summary>
    public string? this[string name] => LayerOf(name)?.Variables[name];

    /// <summary>An env file is lacking: which variables it would set is not known.</summary>
    public bool IsIncomplete => Layers.Any(layer => layer.IsLacking);

    public VariableScope With(EnvironmentLayer layer) => this with { Layers = [.. Layers, layer] };

    public VariableScope WithUnknown(string name, string reason) =>
        this with { Unknown = new Dictionary<string, string>(Unknown, StringComparer.Ordinal) { [name] = reason } };

    /// <summary>What the configuration sets; sorted, so that equal settings hash alike in any order.</summary>
    public SortedDictionary<string, string> Configured()
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);

        foreach (var layer in Layers.Where(layer => layer.Source != VariableSource.Shell))
        {
            foreach (var (name, value) in layer.Variables)
                variables[name] = value;
        }

        return variables;
    }

    /// <summary>null: there is no env file.</summary>
    public EnvFilesSpec? Files() => Layers.Where(layer => layer.IsFile).Select(layer => layer.File!).ToArray() is { Length: > 0 } files
        ? new EnvFilesSpec(files, [.. Configured().Keys.Where(name => LayerOf(name)!.IsFile)])
        : null;

    private EnvironmentLayer? LayerOf(string name) => Layers.LastOrDefault(layer => layer.Variables.ContainsKey(name));
}
