using Supervisor.Cli;
using Supervisor.Cli.Commands;
using Supervisor.Cli.Connection;
using Supervisor.Cli.Help;
using Supervisor.Unit.Configuration;

namespace Supervisor.Unit.Cli;

/// <summary>Commands that need no running tree.</summary>
public sealed class CommandLineSpecs : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("restart", "Name the services to restart, or --all.")]
    [InlineData("restart web --all", "Name the services to restart, or --all.")]
    [InlineData("wait", "*SERVICE*")]
    [InlineData("wait web --for breakfast", "*ready*stopped*completed*")]
    [InlineData("start -d --exit-code-from tests", "--exit-code-from and --exit-when end a run in this terminal: leave out -d*wait SERVICE --for completed*")]
    [InlineData("start -d --exit-when any", "--exit-code-from and --exit-when end a run in this terminal: leave out -d*")]
    [InlineData("start --exit-when never", "*any*all*failed*")]
    [InlineData("wait web --timeout 5", "--timeout must be a duration*")]
    [InlineData("hold build npm run", "Write -- before the command: supervisor hold build -- npm run")]
    [InlineData("hold --pid 7 -- make", "Name a process or give a command, not both.")]
    [InlineData("hold --timeout soon", "--timeout must be a duration*")]
    [InlineData("why web --last 0", "--last must be between 1 and 1000.")]
    public async Task Wrong_usage_has_its_exit_code_and_points_to_the_help(string typed, string message)
    {
        var (exitCode, _, errors) = await RunAsync(typed.Split(' '));

        exitCode.Should().Be(ExitCode.BadUsage);
        errors.Should().Match(message + "\n*").And.Contain("--help");
    }

    [Fact]
    public async Task The_help_shows_examples_and_exit_codes()
    {
        var (exitCode, output, _) = await RunAsync();

        exitCode.Should().Be(ExitCode.Ok);
        output.Should().Contain("supervisor start -d").And.Contain("78 configuration missing or wrong");
    }

    [Fact]
    public async Task The_help_of_every_verb_has_examples()
    {
        var root = CommandLine.Build(new CommandContext(Boards.Screen(out _, out _), TimeProvider.System));

        foreach (var verb in root.Subcommands.Select(c => c.Name))
        {
            var (exitCode, output, _) = await RunAsync(verb, "--help");

            exitCode.Should().Be(ExitCode.Ok);
            output.Should().Contain(Examples.Of(verb)[0].Command).And.Contain($"supervisor {verb}");
        }
    }

    [Theory]
    [InlineData("up", "start")]
    [InlineData("down", "stop")]
    [InlineData("ps", "status")]
    public async Task Aliases_from_other_tools_work(string alias, string verb) =>
        (await RunAsync(alias, "--help")).Output.Should().Contain($"supervisor {verb}");

    [Fact]
    public async Task A_valid_configuration_is_ok()
    {
        File.WriteAllText(_folder.File, """{ "services": { "web": { "command": "x" } } }""");

        var (exitCode, output, _) = await RunAsync("check", "-f", _folder.File);

        exitCode.Should().Be(ExitCode.Ok);
        output.Should().Contain("ok").And.Contain("web");
    }

    [Fact]
    public async Task An_invalid_configuration_shows_every_mistake()
    {
        File.WriteAllText(_folder.File, """{ "services": { "web": { "comand": "x", "port": 0 } } }""");

        var (exitCode, _, errors) = await RunAsync("check", "-f", _folder.File);

        exitCode.Should().Be(ExitCode.BadConfig);
        errors.Should().Contain("supervisor.json:1:17: services.web:").And.Contain("did you mean \"command\"?").And.Contain("services.web.port");
    }

    [Fact]
    public async Task A_missing_configuration_is_named() =>
        (await RunAsync("check", "--file", _folder.At("nowhere.json"))).Should().Match<(ExitCode ExitCode, string Output, string Errors)>(
            result => result.ExitCode == ExitCode.BadConfig && result.Errors.Contains("nowhere.json", StringComparison.Ordinal));

    [Fact]
    public void The_message_about_an_unknown_service_names_a_similar_one_and_the_known_ones() =>
        FluentActions.Invoking(() => Names.Resolve(["ap"]))
            .Should().Throw<CommandFailure>().Which.Should().Match<CommandFailure>(
                e => e.ExitCode == ExitCode.NoSuchService && e.Message == "Unknown service \"ap\"; did you mean \"app\"? Services: app, database.");

    [Fact]
    public void Without_a_similar_name_the_message_about_an_unknown_service_names_the_known_ones() =>
        FluentActions.Invoking(() => Names.Resolve(["mail"]))
            .Should().Throw<CommandFailure>().WithMessage("Unknown service \"mail\". Services: app, database.");

    private static ServiceNames Names => new(["app", "database"], new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal));

    [Theory]
    [InlineData("ok", ExitCode.Ok)]
    [InlineData("timed-out", ExitCode.WaitTimedOut)]
    [InlineData("failed", ExitCode.FailedWhileWaiting)]
    public void Each_result_of_wait_has_its_exit_code(string result, ExitCode exitCode) => WaitCommand.ExitCodeOf(result).Should().Be(exitCode);

    [Fact]
    public void A_startup_line_reports_success_or_a_failure_with_its_reason()
    {
        var location = new TreeLocation(_folder.File);

        ParentLauncher.Failure("""{"started":{"pid":7}}""", [], location).Should().BeNull();
        ParentLauncher.Failure("""{"failed":{"exitCode":78,"message":"wrong","details":["line 1"]}}""", [], location)
            .Should().Match<CommandFailure>(e => e.ExitCode == ExitCode.BadConfig && e.Message == "wrong" && e.Details[0] == "line 1");
        ParentLauncher.Failure("{}", [], location)!.ExitCode.Should().Be(ExitCode.Failed);
        ParentLauncher.Failure("Segmentation fault", [], location)!.Message.Should().Contain("Segmentation fault");
        ParentLauncher.Failure(null, ["no libc"], location)!.Details.Should().Equal("no libc");
    }

    private static async Task<(ExitCode ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var screen = Boards.Screen(out var output, out var errors);
        var exitCode = await CommandLine.RunAsync(arguments, screen, TimeProvider.System);

        return ((ExitCode)exitCode, output.ToString(), errors.ToString());
    }
}
