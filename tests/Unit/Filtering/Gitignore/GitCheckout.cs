using System.Diagnostics;
using System.Text;
using Supervisor.Filtering;
using Supervisor.Filtering.Gitignore;

namespace Supervisor.Unit.Filtering.Gitignore;

/// <summary>A repository on disk, judged twice: by git itself, one process for all paths, and by our rules. Latin-1 text, one character a byte.</summary>
internal sealed class GitCheckout : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("supervisor-git-");
    private readonly IReadOnlyDictionary<string, string> _files;

    public GitCheckout(IEnumerable<string> directories, IReadOnlyDictionary<string, string> files)
    {
        _files = files;

        // What git takes for a repository; "git init" takes longer than everything else here.
        foreach (var folder in new[] { ".git/objects", ".git/refs", ".git/info", "../config/git" })
            Directory.CreateDirectory(Path.Combine(Top, folder));

        File.WriteAllText(Path.Combine(Top, ".git/HEAD"), "ref: refs/heads/main\n");
        Run("xargs", ["-0", "-r", "mkdir", "-p", "--"], string.Concat(directories.Select(directory => directory + '\0')));

        foreach (var (path, content) in files)
            File.WriteAllBytes(Path.Combine(Top, FileName.Decode(Encoding.Latin1.GetBytes(path))), Encoding.Latin1.GetBytes(content));
    }

    private string Top => Path.Combine(_home.FullName, "top");

    /// <summary>File and line that decide about each path, as git says.</summary>
    public IReadOnlyList<string> Ask(IReadOnlyList<string> paths)
    {
        // A leading colon would be pathspec magic.
        var fields = Run("git", ["check-ignore", "--no-index", "--stdin", "-z", "-v", "-n"], string.Concat(paths.Select(path => $"./{path}\0"))).Split('\0');
        fields.Should().HaveCount((paths.Count * 4) + 1);

        return [.. Enumerable.Range(0, paths.Count).Select(i =>
        {
            fields[(i * 4) + 3].Should().Be("./" + paths[i]);
            return fields[i * 4].Length == 0 ? "-" : $"{Named(fields[i * 4])}:{fields[(i * 4) + 1]}";
        })];
    }

    /// <summary>The same by our rules.</summary>
    public IReadOnlyList<string> Judge(IReadOnlyList<string> paths, IEnumerable<string> directories)
    {
        var existing = directories.ToHashSet(StringComparer.Ordinal);
        var rules = new Dictionary<string, IgnoreRules?>(StringComparer.Ordinal) { [""] = AtTheTop() };
        return [.. paths.Select(path => Judge(path, existing.Contains(path), rules))];
    }

    public void Dispose() => Run("rm", ["-rf", "--", _home.FullName], "");

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
        _files.TryGetValue(path, out var content) ? IgnoreFile.Parse(path, Encoding.Latin1.GetBytes(content)) : null;

    private static string Said(IgnoreVerdict verdict) => $"{verdict.File.Path}:{verdict.Pattern.Line}";

    private static string Named(string source) => source.EndsWith("/config/git/ignore", StringComparison.Ordinal) ? "../config/git/ignore" : source;

    private string Run(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _home.FullName + (Directory.Exists(Top) ? "/top" : ""),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = Encoding.Latin1,
            StandardOutputEncoding = Encoding.Latin1,
            Environment = { ["HOME"] = _home.FullName, ["XDG_CONFIG_HOME"] = _home.FullName + "/config", ["GIT_CONFIG_NOSYSTEM"] = "1" },
        };

        using var process = Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var said = answer.GetAwaiter().GetResult();
        process.WaitForExit();
        process.ExitCode.Should().BeLessThan(2, "{0} {1}", program, string.Join(' ', arguments));
        return said;
    }
}
