using Supervisor.Configuration;

namespace Supervisor.Unit.Configuration;

/// <summary>What a configuration names and what is not there (yet): no mistake, and the business of the one service that needs it.</summary>
public sealed class LackSpecs : IDisposable
{
    private static readonly Dictionary<string, string> Shell = new(StringComparer.Ordinal);

    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\"envFile\": \".env\"", "supervisor.json:1:*: services.web.envFile: \".env\" names a file that does not exist: *.env; create it, or write \".env?\" if it may be missing")]
    [InlineData("\"envFile\": { \"path\": \"a/.env\" }", "supervisor.json:1:*: services.web.envFile.path: \"a/.env\" names a file that does not exist: *")]
    [InlineData("\"envFile\": { \"path\": \".env\", \"required\": true }", "*services.web.envFile.path: *does not exist*")]
    [InlineData("\"cwd\": \"dist\"", "supervisor.json:1:*: services.web.cwd: \"dist\" names a folder that does not exist: *dist; create it")]
    public void A_file_or_folder_that_is_missing_is_a_lack_and_no_mistake(string key, string lack)
    {
        var spec = Read($$"""{ "services": { "web": { "command": ["run"], {{key}} }, "other": { "command": ["run"] } } }""");

        spec.Lacks.Should().ContainSingle().Which.Should().Match(lack);
        spec.Services.Should().HaveCount(2);
        ReadAgain(spec).Should().BeOfType<ServiceReadResult.Invalid>().Which.Mistakes.Select(mistake => mistake.ToString()).Should().Equal(spec.Lacks);
    }

    [Theory]
    [InlineData("\"envFile\": \".env?\"")]
    [InlineData("\"envFile\": { \"path\": \".env\", \"required\": false }")]
    public void A_file_that_may_be_missing_is_no_lack_and_counts_once_it_is_there(string key)
    {
        var json = $$"""{ "services": { "web": { "command": ["run", "${A:-none}"], {{key}} } } }""";
        var without = Read(json);

        without.Lacks.Should().BeEmpty();
        without.Incomplete.Should().BeEmpty();
        without.Services[0].Should().BeEquivalentTo(new { Command = new[] { "run", "none" }, EnvFiles = new { Paths = new[] { _folder.At(".env") } } });

        File.WriteAllText(_folder.At(".env"), "A=1");
        Read(json).Services[0].Command.Should().Equal("run", "1");
    }

    [Fact]
    public void What_its_variables_would_make_of_values_is_no_mistake_while_a_file_is_lacking()
    {
        var spec = Read(
            """
            { "services": { "web": { "command": ["run", "${A}"], "envFile": ".env", "port": "${PORT}", "ready": { "http": "http://127.0.0.1:${PORT}/" },
              "cwd": "${WHERE}", "watch": { "paths": ["${WHERE}"] }, "env": { "B": "${A}" } } } }
            """);

        spec.Lacks.Should().ContainSingle().Which.Should().Contain("envFile");
        spec.Incomplete.Should().Equal("web");
        spec.Services[0].Ready.Should().NotBeNull("it has a probe, whatever it asks");
    }

    [Fact]
    public void A_mistake_beside_a_lack_is_a_mistake()
    {
        File.WriteAllText(_folder.File, """{ "services": { "web": { "command": ["run"], "envFile": ".env", "prot": 1 }, "other": { "command": ["${NOBODY}"] } } }""");

        ConfigurationFile.Read(_folder.File, Shell).Should().BeOfType<ReadResult.Invalid>()
            .Which.Mistakes.Select(mistake => mistake.Path).Should().Equal("services.web.prot", "services.other.command[0]");
    }

    [Fact]
    public void The_missing_file_of_all_services_is_said_once_and_concerns_each()
    {
        var spec = Read("""{ "envFile": ".env", "services": { "web": { "command": ["run"] }, "other": { "command": ["run"] } } }""");

        spec.Lacks.Should().ContainSingle().Which.Should().Contain("1:14: envFile: ");
        spec.Incomplete.Should().Equal("web", "other");
    }

    [Fact]
    public void A_reload_keeps_what_was_read_last_of_a_service_whose_file_has_gone_and_takes_over_the_rest()
    {
        File.WriteAllText(_folder.At(".env"), "PORT=8000");
        var earlier = Read(Json("one"));
        File.Delete(_folder.At(".env"));

        var reloaded = Read(Json("two")).Over(earlier);

        reloaded.Services[0].Should().BeSameAs(earlier.Services[0]);
        reloaded.Services[1].Command.Should().Equal("two");
        PlanDifference.Between(earlier, reloaded).Changed.Select(changed => changed.Service).Should().Equal("other");

        static string Json(string word) => $$"""
            { "services": { "web": { "command": ["run"], "port": "${PORT}", "envFile": ".env" }, "other": { "command": ["{{word}}"] } } }
            """;
    }

    [Fact]
    public void A_reload_takes_over_a_service_that_never_had_its_file()
    {
        var earlier = Read("""{ "services": { "web": { "command": ["one"], "envFile": ".env" } } }""");

        Read("""{ "services": { "web": { "command": ["two"], "envFile": ".env" } } }""").Over(earlier).Services[0].Command.Should().Equal("two");
    }

    private TreeSpec Read(string json)
    {
        File.WriteAllText(_folder.File, json);
        var read = ConfigurationFile.Read(_folder.File, Shell);
        return read.Should().BeOfType<ReadResult.Valid>("{0}", string.Join('\n', read.MistakeLines)).Subject.Spec;
    }

    private static ServiceReadResult ReadAgain(TreeSpec spec) =>
        ConfigurationFile.ReadService(new ConfigurationSource(spec.ConfigPath, spec.Text), "web", Shell);
}
