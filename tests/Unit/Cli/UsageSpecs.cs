using System.CommandLine;
using System.Text.RegularExpressions;
using Supervisor.Cli;
using Supervisor.Cli.Connection;
using Supervisor.Unit.Configuration;

namespace Supervisor.Unit.Cli;

/// <summary>A mistyped command line is refused in one wording, and no option is taken for a value.</summary>
public sealed partial class UsageSpecs : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public UsageSpecs() => File.WriteAllText(_folder.File, """{ "services": { "web": { "command": "x" } } }""");

    public static TheoryData<string> Verbs => [.. Root().Subcommands.Select(verb => verb.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Every_command_refuses_an_unknown_option(string verb)
    {
        var (exitCode, _, errors) = await RunAsync(verb, "--no-such-option");

        exitCode.Should().Be(ExitCode.BadUsage);
        errors.Should().Be($"Unknown option \"--no-such-option\" of \"supervisor {verb}\".\nTry \"supervisor {verb} --help\".\n");
    }

    [Theory]
    [InlineData("--jsn", "Unknown option \"--jsn\" of \"supervisor\".")]
    [InlineData("--hepl", "Unknown option \"--hepl\" of \"supervisor\"; did you mean \"--help\"?")]
    [InlineData("status --jsn", "Unknown option \"--jsn\" of \"supervisor status\"; did you mean \"--json\"?")]
    [InlineData("ps --jsn", "Unknown option \"--jsn\" of \"supervisor status\"; did you mean \"--json\"?")]
    [InlineData("status -json", "Unknown option \"-json\" of \"supervisor status\"; did you mean \"--json\"?")]
    [InlineData("status --flie=x.json", "Unknown option \"--flie\" of \"supervisor status\"; did you mean \"--file\"?")]
    [InlineData("stop web --nwo", "Unknown option \"--nwo\" of \"supervisor stop\"; did you mean \"--now\"?")]
    [InlineData("restart --al", "Unknown option \"--al\" of \"supervisor restart\"; did you mean \"--all\"?")]
    [InlineData("start -x", "Unknown option \"-x\" of \"supervisor start\".")]
    [InlineData("hold --quiet", "Unknown option \"--quiet\" of \"supervisor hold\".")]
    [InlineData("hold -x -- make", "Unknown option \"-x\" of \"supervisor hold\".")]
    [InlineData("hold -", "Unknown option \"-\" of \"supervisor hold\".")]
    [InlineData("hold --timout 5m build", "Unknown option \"--timout\" of \"supervisor hold\"; did you mean \"--timeout\"?")]
    [InlineData("release --all", "Unknown option \"--all\" of \"supervisor release\".")]
    [InlineData("check --explain --json", "A value is missing before \"--json\" of \"supervisor check\".")]
    [InlineData("logs --grep -x", "Unknown option \"-x\" of \"supervisor logs\".")]
    [InlineData("logs -f --grep=-f -x", "Unknown option \"-x\" of \"supervisor logs\".")]
    [InlineData("statu", "Unknown command \"statu\"; did you mean \"status\"?")]
    [InlineData("dance", "Unknown command \"dance\".")]
    [InlineData("flush web", "Unknown argument \"web\" of \"supervisor flush\".")]
    [InlineData("release one two", "Unknown argument \"two\" of \"supervisor release\".")]
    public async Task A_mistake_is_named_with_the_nearest_word(string typed, string message)
    {
        var (exitCode, _, errors) = await RunAsync(typed.Split(' '));

        exitCode.Should().Be(ExitCode.BadUsage);
        errors.Should().StartWith(message + "\n").And.Contain("--help");
    }

    [Theory]
    [InlineData("stop -- --now", ExitCode.NotRunning)]
    [InlineData("hold -- make --json", ExitCode.NotRunning)]
    [InlineData("hold build -- make -x", ExitCode.NotRunning)]
    [InlineData("release -- --json", ExitCode.NotRunning)]
    [InlineData("logs --grep=-x", ExitCode.Ok)]
    [InlineData("logs -n5", ExitCode.Ok)]
    [InlineData("logs -- --lines", ExitCode.NoSuchService)]
    [InlineData("logs wep", ExitCode.NoSuchService)]
    public async Task A_value_that_is_marked_as_one_may_begin_with_a_dash(string typed, ExitCode expected) =>
        (await RunAsync(["--file", _folder.File, .. typed.Split(' ')])).ExitCode.Should().Be(expected);

    [Fact]
    public async Task An_unknown_service_is_named_with_the_nearest_one()
    {
        var (exitCode, _, errors) = await RunAsync("logs", "wep", "--file", _folder.File);

        exitCode.Should().Be(ExitCode.NoSuchService);
        errors.Should().StartWith("Unknown service \"wep\"; did you mean \"web\"? Services: web.");
    }

    [Theory]
    [InlineData("-f", "FILE", "check")]
    [InlineData("check", "-f", "FILE")]
    [InlineData("check", "--file", "FILE")]
    [InlineData("--file", "FILE", "logs")]
    [InlineData("logs", "--file", "FILE")]
    public async Task The_configuration_is_named_before_or_after_the_command(params string[] typed) =>
        (await RunAsync([.. typed.Select(word => word == "FILE" ? _folder.File : word)])).ExitCode.Should().Be(ExitCode.Ok);

    [Theory]
    [InlineData("")]
    [MemberData(nameof(Verbs))]
    public async Task No_help_lists_an_alias_twice(string verb)
    {
        var (_, help, _) = await RunAsync([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        var options = help[help.IndexOf("Options:", StringComparison.Ordinal)..help.IndexOf("Examples:", StringComparison.Ordinal)];

        options.Split('\n').SelectMany(line => Alias().Matches(line.TrimStart().Split("  ")[0])).Select(match => match.Value)
            .Should().Contain("--help").And.Contain("--file").And.OnlyHaveUniqueItems();
    }

    private static RootCommand Root() => CommandLine.Build(new CommandContext(Boards.Screen(out _, out _), TimeProvider.System));

    private static async Task<(ExitCode ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var screen = Boards.Screen(out var output, out var errors);
        var exitCode = await CommandLine.RunAsync(arguments, screen, TimeProvider.System);

        return ((ExitCode)exitCode, output.ToString(), errors.ToString());
    }

    [GeneratedRegex(@"(?<![\w-])--?[\w?][\w-]*")]
    private static partial Regex Alias();
}
