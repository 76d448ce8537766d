using System.Collections;
using System.Text;
using Supervisor.Configuration.Sections;
using Supervisor.Configuration.Text;

namespace Supervisor.Configuration;

/// <summary>
/// Finds and reads supervisor.json. Reading never throws because of the file or its content: it returns all mistakes at once. Any thread; keeps no
/// state between calls.
/// </summary>
public static class ConfigurationFile
{
    public const string Name = "supervisor.json";

    /// <summary>The nearest supervisor.json in <paramref name="from"/> or a folder above it, as an absolute path.</summary>
    /// <param name="isWanted">Decides about a file that does not exist; null: it must exist.</param>
    public static string? FindUpwards(string from, Func<string, bool>? isWanted = null)
    {
        for (var folder = new DirectoryInfo(Path.GetFullPath(from)); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, Name);

            if (Path.Exists(candidate) || isWanted?.Invoke(candidate) == true)
                return candidate;
        }

        return null;
    }

    /// <summary>Variables in values are those of this process.</summary>
    public static ReadResult Read(string path) => Read(path, OwnEnvironment());

    /// <param name="shell">The environment that variables in values refer to.</param>
    public static ReadResult Read(string path, IReadOnlyDictionary<string, string> shell)
    {
        var file = Path.GetFullPath(path);
        var mistakes = new MistakeList(file);

        var spec = ConfigurationText.Load(file, mistakes) is { } text && ConfigParser.Parse(text.Span, new LineMap(text), mistakes) is { } root
            ? TreeSection.Read(file, root, shell, mistakes) with { Text = Encoding.UTF8.GetString(text.Span) }
            : null;

        return spec is not null && mistakes.IsEmpty ? new ReadResult.Valid(spec) : new ReadResult.Invalid(mistakes.InOrder());
    }

    /// <summary>Reads one service from a text that was valid before, with its env files as they are now. What it lacks is a mistake here.</summary>
    /// <param name="shell">The environment that variables in values refer to.</param>
    public static ServiceReadResult ReadService(ConfigurationSource source, string service, IReadOnlyDictionary<string, string> shell)
    {
        var mistakes = new MistakeList(source.Path);
        ReadOnlyMemory<byte> text = Encoding.UTF8.GetBytes(source.Text);

        var read = ConfigParser.Parse(text.Span, new LineMap(text), mistakes) is { } root
            ? TreeSection.ReadService(source.Path, root, service, shell, mistakes)
            : null;

        return read is not null && mistakes.IsEmpty && mistakes.Lacks.Count == 0
            ? new ServiceReadResult.Valid(read.Spec, read.Layers)
            : new ServiceReadResult.Invalid([.. mistakes.InOrder(), .. mistakes.Lacks]);
    }

    private static Dictionary<string, string> OwnEnvironment()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);

        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? "";

        return variables;
    }
}
