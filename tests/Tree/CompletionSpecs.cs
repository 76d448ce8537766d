using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>The Tab key in real shells, and the commands that a newcomer tries.</summary>
public sealed class CompletionSpecs
{
    [NeedsFact("bash")]
    public Task Bash_completes_commands_and_service_names() =>
        CompletesAsync("exec bash --norc -i", "eval \"$(supervisor completion bash)\"\r");

    [NeedsFact("zsh")]
    public Task Zsh_completes_commands_and_service_names() =>
        CompletesAsync("exec zsh -f -i", "autoload -Uz compinit; compinit -u -D; eval \"$(supervisor completion zsh)\"\r");

    [NeedsFact("fish")]
    public Task Fish_completes_commands_and_service_names() =>
        CompletesAsync("exec fish --no-config -i", "supervisor completion fish | source\r");

    [Fact]
    public async Task What_fits_is_the_names_of_the_configuration_and_its_groups_and_without_one_nothing()
    {
        await using var tree = TestTree.Create();
        (await tree.RunAsync("[suggest:16]", "supervisor logs ")).Output.Should().NotContain("frontend");
        tree.WriteConfig(Config);

        var names = (await tree.RunAsync("[suggest:16]", "supervisor logs ")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        names.Should().Contain(["frontend", "database", "all-of-it"]).And.Contain("--follow");
        (await tree.RunAsync("[suggest:15]", "supervisor relo")).Output.Trim().Should().Be("reload");

        var other = tree.Write("other.json", """{ "services": { "elsewhere": { "command": ["sleep", "1000"] } } }""");
        var line = $"supervisor stop --file {other} els";
        (await tree.RunAsync($"[suggest:{line.Length}]", line)).Output.Should().Contain("elsewhere");
    }

    [Fact]
    public async Task Help_version_and_the_schema_are_commands_too()
    {
        await using var tree = TestTree.Create();

        (await tree.RunAsync("help")).Output.Should().Be((await tree.RunAsync("--help")).Output);
        (await tree.RunAsync("help", "logs")).Output.Should().Be((await tree.RunAsync("logs", "--help")).Output);
        (await tree.RunAsync("version")).Output.Should().Be((await tree.RunAsync("--version")).Output).And.MatchRegex("^[0-9]+\\.");

        (await tree.RunAsync("schema")).Output.Should().Be(await File.ReadAllTextAsync(Path.Combine(Executables.Repository, "supervisor.schema.json")));

        var unknown = await tree.RunAsync("help", "lgos");
        unknown.ExitCode.Should().Be(2);
        unknown.Errors.Should().Contain("Unknown command \"lgos\"").And.Contain("logs");

        var shell = await tree.RunAsync("completion", "tcsh");
        shell.ExitCode.Should().Be(2);
        shell.Errors.Should().Contain("bash").And.Contain("fish");
    }

    private const string Config = """
        { "services": { "frontend": { "command": ["sleep", "1000"] }, "database": { "command": ["sleep", "1000"] } }, "groups": { "all-of-it": ["frontend", "database"] } }
        """;

    /// <summary>Types a command and a name in part. What the command then shows proves that the shell has completed both.</summary>
    private static async Task CompletesAsync(string shell, string setup)
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig(Config);
        tree["TERM"] = "xterm";
        await using var terminal = tree.OpenScript($"PATH=\"$(dirname \"$0\"):$PATH\" PS1='$ ' {shell}");

        terminal.Keys(setup);
        terminal.Keys(shell.Contains("fish", StringComparison.Ordinal) ? "echo set-up-is-(math 40 + 2)\r" : "echo set-up-is-$((40 + 2))\r");
        await terminal.ShownAsync("set-up-is-42");
        terminal.Keys("supervisor en\tfro\t\r");

        await terminal.LineShownAsync("SUPERVISOR_SERVICE", "frontend");
        terminal.Keys("exit\r");
        await terminal.ShownAsync("[exit ");
    }
}
