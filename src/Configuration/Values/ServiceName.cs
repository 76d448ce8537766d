namespace Supervisor.Configuration.Values;

/// <summary>What a service may be called: its name becomes part of file names, of a pipe's path and of environment variables.</summary>
internal static class ServiceName
{
    public const int MaxLength = 64;

    /// <summary>Stands for the watcher itself in <c>restart watcher</c>.</summary>
    public const string Reserved = "watcher";

    public static Parsed<string> Parse(string name)
    {
        if (name == Reserved)
            return Parsed.Wrong<string>("is reserved: \"supervisor restart watcher\" means the watcher itself; choose another name");

        var valid = name.Length is > 0 and <= MaxLength && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

        return valid
            ? Parsed.Ok(name)
            : Parsed.Wrong<string>($"is no name for a service: 1 to {MaxLength} letters, digits, '.', '_', '-', beginning with a letter or digit");
    }
}
