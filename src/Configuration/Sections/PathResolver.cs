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

    /// <summary>A folder, which need not exist yet.</summary>
    public Parsed<string> FolderPath(string path)
    {
        var parsed = Absolute(path);
        return parsed.IsValid && File.Exists(parsed.Value) ? Parsed.Wrong<string>($"must be a folder, but {parsed.Value} is a file") : parsed;
    }
}
