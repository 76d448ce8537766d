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
    public static string? FindUpwards(string from)
    {
        for (var folder = new DirectoryInfo(Path.GetFullPath(from)); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, Name);

            if (Path.Exists(candidate))
                return candidate;
        }

        return null;
    }

    public static ReadResult Read(string path)
    {
        var file = Path.GetFullPath(path);
        var mistakes = new MistakeList(file);

        var spec = ConfigurationText.Load(file, mistakes) is { } text && ConfigParser.Parse(text.Span, new LineMap(text), mistakes) is { } root
            ? TreeSection.Read(file, root, mistakes)
            : null;

        return spec is not null && mistakes.IsEmpty ? new ReadResult.Valid(spec) : new ReadResult.Invalid(mistakes.InOrder());
    }
}
