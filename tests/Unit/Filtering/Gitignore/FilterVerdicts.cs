using System.Text;
using Supervisor.Filtering;
using Supervisor.Filtering.Gitignore;

namespace Supervisor.Unit.Filtering.Gitignore;

/// <summary>A repository's ignore files, judged by our rules. Latin-1 text, one character a byte.</summary>
internal sealed class FilterVerdicts(IReadOnlyDictionary<string, string> files)
{
    /// <summary>File and line that decide about each path.</summary>
    /// <param name="directories">Those that exist; everything else is a file.</param>
    public IReadOnlyList<string> Judge(IReadOnlyList<string> paths, IEnumerable<string> directories)
    {
        var existing = directories.ToHashSet(StringComparer.Ordinal);
        var rules = new Dictionary<string, IgnoreRules?>(StringComparer.Ordinal) { [""] = AtTheTop() };
        return [.. paths.Select(path => Judge(path, existing.Contains(path), rules))];
    }

    // Any absolute directory will do as the top.
    private IgnoreRules? AtTheTop()
    {
        var rules = IgnoreRules.Add(null, Parse("../config/git/ignore"), "/r");
        return IgnoreRules.Add(IgnoreRules.Add(rules, Parse(".git/info/exclude"), "/r"), Parse(".gitignore"), "/r");
    }

    private string Judge(string path, bool isDirectory, Dictionary<string, IgnoreRules?> rules)
    {
        var inForce = rules[""];

        for (var end = path.IndexOf('/'); end >= 0; end = path.IndexOf('/', end + 1))
        {
            var directory = path[..end];

            if (inForce?.Decide(Absolute(directory), isDirectory: true) is { IsIgnored: true } excluded)
                return Said(excluded);

            if (!rules.TryGetValue(directory, out var within))
                rules.Add(directory, within = IgnoreRules.Add(inForce, Parse(directory + "/.gitignore"), Absolute(directory)));

            inForce = within;
        }

        return inForce?.Decide(Absolute(path), isDirectory) is { } verdict ? Said(verdict) : "-";
    }

    private static string Absolute(string path) => "/r/" + FileName.Decode(Encoding.Latin1.GetBytes(path));

    private IgnoreFile? Parse(string path) =>
        files.TryGetValue(path, out var content) ? IgnoreFile.Parse(path, Encoding.Latin1.GetBytes(content)) : null;

    private static string Said(IgnoreVerdict verdict) => $"{verdict.File.Path}:{verdict.Pattern.Line}";
}
