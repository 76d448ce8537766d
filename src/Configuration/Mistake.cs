namespace Supervisor.Configuration;

/// <summary>One mistake in a configuration and its position.</summary>
/// <param name="File">Absolute path of the file.</param>
/// <param name="Path">JSON path, for example <c>services.web.port</c>; empty for the file as a whole.</param>
/// <param name="Line">From 1; 0: the mistake has no position in the text.</param>
/// <param name="Column">From 1, in characters.</param>
public sealed record Mistake(string File, string Path, int Line, int Column, string Message)
{
    /// <summary>In the format of compilers, so that editors can jump to it: <c>supervisor.json:12:7: services.web.port: …</c></summary>
    public override string ToString()
    {
        var place = Line == 0 ? System.IO.Path.GetFileName(File) : $"{System.IO.Path.GetFileName(File)}:{Line}:{Column}";
        return Path.Length == 0 ? $"{place}: {Message}" : $"{place}: {Path}: {Message}";
    }
}
