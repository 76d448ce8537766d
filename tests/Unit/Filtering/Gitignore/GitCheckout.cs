using System.Text;
using Supervisor.Filtering;
using Supervisor.Tree.Harness;

namespace Supervisor.Unit.Filtering.Gitignore;

/// <summary>A repository on disk, judged by git itself, one process for all paths. Latin-1 text, one character a byte.</summary>
internal sealed class GitCheckout : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("supervisor-git-");

    public GitCheckout(IEnumerable<string> directories, IReadOnlyDictionary<string, string> files)
    {
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

    public void Dispose() => Run("rm", ["-rf", "--", _home.FullName], "");

    private static string Named(string source) => source.EndsWith("/config/git/ignore", StringComparison.Ordinal) ? "../config/git/ignore" : source;

    private string Run(string program, string[] arguments, string input)
    {
        var result = ForeignProgram.Run(
            CliWrap.Cli.Wrap(program)
                .WithArguments(arguments)
                .WithWorkingDirectory(_home.FullName + (Directory.Exists(Top) ? "/top" : ""))
                .WithStandardInputPipe(CliWrap.PipeSource.FromString(input, Encoding.Latin1))
                .WithEnvironmentVariables(variables => variables
                    .Set("HOME", _home.FullName).Set("XDG_CONFIG_HOME", _home.FullName + "/config").Set("GIT_CONFIG_NOSYSTEM", "1")),
            Encoding.Latin1, Wait.DefaultTimeout);
        result.ExitCode.Should().BeLessThan(2, "{0} {1}: {2}", program, string.Join(' ', arguments), result.Errors);
        return result.Output;
    }
}
