namespace Supervisor.Configuration.Values;

/// <summary>The rules for service names: a name becomes part of file names, of a pipe's path and of environment variables.</summary>
public static class ServiceName
{
    public const int MaxLength = 64;

    /// <summary>Names the watcher in <c>restart watcher</c>.</summary>
    public const string Reserved = "watcher";

    public static Parsed<string> Parse(string name)
    {
        if (name == Reserved)
            return Parsed.Wrong<string>("is reserved: \"supervisor restart watcher\" restarts the watcher; choose another name");

        var valid = name.Length is > 0 and <= MaxLength && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

        return valid
            ? Parsed.Ok(name)
            : Parsed.Wrong<string>($"is not a valid service name: use 1 to {MaxLength} letters, digits, '.', '_', '-', beginning with a letter or digit");
    }
}
