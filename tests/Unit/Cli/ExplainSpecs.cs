using Supervisor.Cli;
using Supervisor.Unit.Configuration;

namespace Supervisor.Unit.Cli;

/// <summary><c>check --explain</c>: the rule that decides, and the services that a change reloads.</summary>
public sealed class ExplainSpecs : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public ExplainSpecs()
    {
        Write(".git/HEAD", "ref: refs/heads/main\n");
        Write(".git/info/exclude", "*.private\n");
        Write(".gitignore", "# ours\n*.out\n!keep.out\n/gen/\n");
        Write("rust/Cargo.toml", "");
        Write("cache/CACHEDIR.TAG", "");
        Write("site/views.py", "");
        Write(".worktrees/a/.git", "gitdir: ../../.git/worktrees/a\n");
        Write("lib/.git", "gitdir: ../.git/modules/lib\n");
        Write("packages/shared/a.py", "");
        File.CreateSymbolicLink(_folder.At("site/shared"), "../packages/shared");
        File.CreateSymbolicLink(_folder.At("site/up"), "..");
        File.CreateSymbolicLink(_folder.At("own"), "rust");
        File.CreateSymbolicLink(_folder.At("node_modules"), "packages");
        Write("supervisor.json",
            """
            {
              "watcher": { "ignore": ["secret/"] },
              "services": {
                "web": { "command": "x", "watch": { "paths": ["."], "include": ["**/*.py", "*.out", "*.private", "*.rs"], "ignore": ["**/migrations/**"] } },
                "all": { "command": "x", "watch": { "paths": [".", "gen/api"] } },
                "quiet": { "command": "x", "watch": { "paths": ["site"], "onChange": "none" } },
                "blind": { "command": "x" }
              }
            }
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("site/views.py", "web: reloaded: include \"**/*.py\"", "all: reloaded: everything in *", "quiet: told, but not reloaded*", "blind: not reloaded: it has no \"watch\"")]
    [InlineData("site/not-there-yet.py", "web: reloaded: include \"**/*.py\"")]
    [InlineData("run.out", "web: not reloaded: */.gitignore:2: [*].out", "all: not reloaded: */.gitignore:2: [*].out", "quiet: not reloaded: it lies outside its watch paths (*/site)")]
    [InlineData("keep.out", "web: reloaded: */.gitignore:3: !keep.out")]
    [InlineData("a.private", "web: not reloaded: */.git/info/exclude:1: [*].private")]
    [InlineData("gen/a.py", "web: not reloaded: */gen/ is left out: */.gitignore:4: /gen/")]
    [InlineData("gen/api/a.py", "web: not reloaded: */gen/ is left out: */.gitignore:4: /gen/", "all: reloaded: everything in */gen/api is watched")]
    [InlineData("gen/api/", "all: watched: it is a watch path, which no rule ignores")]
    [InlineData("site/migrations/0001.py", "web: not reloaded: */site/migrations/ is left out: \"ignore\" of the service: \"[*][*]/migrations/[*][*]\"")]
    [InlineData("secret/a.py", "web: not reloaded: */secret/ is left out: \"ignore\" of the watcher: \"secret/\"")]
    [InlineData("node_modules/x/a.py", "web: not reloaded: */node_modules/ is left out: built in: no sources are kept under that name")]
    [InlineData("rust/target/a.rs", "web: not reloaded: */rust/target/ is left out: built in: beside Cargo.toml it is a build output")]
    [InlineData("cache/a.py", "web: not reloaded: built in: CACHEDIR.TAG marks*")]
    [InlineData("site/.views.py.swp", "all: not reloaded: built in: what editors*")]
    [InlineData("server.log", "web: not reloaded: no include matches: *", "all: not reloaded: built in: servers write such files*")]
    [InlineData("notes.txt", "web: not reloaded: no include matches: *", "all: reloaded: everything*")]
    [InlineData("site/", "web: watched: an include may match files in it", "all: watched: files in it are watched")]
    [InlineData(".worktrees/a/", "all: not watched: */.worktrees/a is a checkout of its own (it has a .git); name it in watch.paths to watch it")]
    [InlineData(".worktrees/a/b.py", "web: not reloaded: */.worktrees/a is a checkout of its own (it has a .git); name it in watch.paths to watch it")]
    [InlineData(".worktrees/a/deep/b.py", "web: not reloaded: */.worktrees/a is a checkout of its own*", "all: not reloaded: */.worktrees/a is a checkout of its own*")]
    [InlineData("lib/b.py", "all: reloaded: everything*")]
    [InlineData("../elsewhere.py", "web: not reloaded: it lies outside*", "all: not reloaded: it lies outside*")]
    [InlineData("site/shared/a.py", "quiet: told, but not reloaded*: everything in */site is watched, through the link */site/shared to */packages/shared")]
    [InlineData("own/a.py", "all: not reloaded: the link */own to */rust is not followed: that folder is watched itself, as */rust")]
    [InlineData("site/up/site/views.py", "quiet: not reloaded: the link */site/up to * is not followed: it leads back to a folder that holds it")]
    [InlineData("node_modules/a.py", "all: not reloaded: */node_modules/ is left out: built in: no sources are kept under that name")]
    public async Task A_path_is_explained_service_by_service(string path, params string[] expected)
    {
        var (exitCode, output, errors) = await ExplainAsync(path);

        exitCode.Should().Be(ExitCode.Ok, errors);
        output[0].Should().Be(Path.GetFullPath(_folder.At(path)));

        foreach (var line in expected)
            output.Should().Contain(said => Matches(said, "  " + line), "{0}", string.Join('\n', output));
    }

    [Fact]
    public async Task Several_paths_are_explained_one_after_the_other()
    {
        var (_, output, _) = await ExplainAsync("site/views.py", "gen/");

        output.Where(line => !line.StartsWith(' ')).Should().Equal(_folder.At("site/views.py"), _folder.At("gen/"));
    }

    [Fact]
    public async Task Without_the_rules_of_git_only_our_own_apply()
    {
        Write("supervisor.json", """{ "watcher": { "gitignore": false }, "services": { "web": { "command": "x", "watch": { "paths": ["."] } } } }""");

        (await ExplainAsync("run.out")).Output.Should().Contain(line => line.StartsWith("  web: reloaded"));
        (await ExplainAsync(".worktrees/a/b.py")).Output.Should().Contain(line => line.Contains("a checkout of its own"));
        (await ExplainAsync("rust/target/a.rs")).Output.Should().Contain(line => line.Contains("build output"));
    }

    [Fact]
    public async Task A_service_that_follows_no_links_is_told_so()
    {
        Write("supervisor.json", """{ "services": { "web": { "command": "x", "watch": { "paths": ["site"], "followLinks": false } } } }""");

        (await ExplainAsync("site/shared/a.py")).Output
            .Should().Contain(line => line.StartsWith("  web: not reloaded: the link ") && line.EndsWith("is not followed: \"followLinks\" is false"));
    }

    [Fact]
    public async Task An_empty_path_is_bad_usage()
    {
        var screen = Boards.Screen(out _, out var errors);

        (await CommandLine.RunAsync(["check", "-f", _folder.File, "--explain", ""], screen, TimeProvider.System)).Should().Be((int)ExitCode.BadUsage);
        errors.ToString().Should().Contain("--explain wants a path");
    }

    private static bool Matches(string line, string pattern) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern.Replace("[*]", "?", StringComparison.Ordinal), line, ignoreCase: false);

    private async Task<(ExitCode ExitCode, string[] Output, string Errors)> ExplainAsync(params string[] paths)
    {
        var screen = Boards.Screen(out var output, out var errors);
        string[] arguments = ["check", "-f", _folder.File, "--explain", .. paths.Select(_folder.At)];
        var exitCode = await CommandLine.RunAsync(arguments, screen, TimeProvider.System);

        return ((ExitCode)exitCode, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), errors.ToString());
    }

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.At(path))!);
        File.WriteAllText(_folder.At(path), content);
    }
}
