using Supervisor.Configuration.Values;

namespace Supervisor.Configuration.Sections;

/// <summary>Resolves paths of the configuration: they are relative to its folder, not to the service's working directory.</summary>
internal sealed class PathResolver(string folder)
{
    public string Folder => folder;

    public Parsed<string> Absolute(string path)
    {
        if (path.Length == 0)
            return Parsed.Wrong<string>("must not be empty; write \".\" for the configuration's own folder");

        if (path.Contains('\0', StringComparison.Ordinal))
            return Parsed.Wrong<string>("must not contain a NUL character");

        if (path.StartsWith("~/", StringComparison.Ordinal))
            return Parsed.Wrong<string>("must not begin with \"~\", which only a shell understands; write the path in full");

        return Parsed.Ok(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, folder)));
    }

    public Parsed<string> ExistingFolder(string path)
    {
        var parsed = Absolute(path);

        if (!parsed.IsValid || Directory.Exists(parsed.Value))
            return parsed;

        return Parsed.Wrong<string>(File.Exists(parsed.Value)
            ? $"must be a folder, but {parsed.Value} is a file"
            : $"names a folder that does not exist: {parsed.Value}");
    }
}
