using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary>Variables in values reach the server.</summary>
public sealed class VariableSpecs
{
    [Theory]
    [InlineData("""["tool", "$GREETING", "$$GREETING"]""")]
    [InlineData("""["tool", "${GREETING}", "$${GREETING}"]""")]
    [InlineData("\"tool $GREETING '$GREETING'\"")]
    public async Task A_program_is_found_on_a_path_that_extends_the_inherited_one(string command)
    {
        await using var tree = TestTree.Create();
        File.SetUnixFileMode(
            tree.Write("node_modules/.bin/tool", "#!/bin/sh\necho \"the local tool says $1 and $2\"; exec sleep 1000\n"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        tree.WriteConfig($$"""
            { "env": { "GREETING": "hello" },
              "services": { "web": { "command": {{command}}, "env": { "PATH": "./node_modules/.bin:$PATH" }, "ready": { "log": "says hello and .*GREETING}?$" } } } }
            """);

        var started = await tree.TryStartAsync();

        started.ExitCode.Should().Be(0, "{0}", started);
        (await tree.StatusAsync()).Service("web").State.Should().Be(ServicePhase.Ready);
    }

    [Fact]
    public async Task A_variable_that_is_not_set_is_a_mistake_with_advice()
    {
        await using var tree = TestTree.Create();
        tree.WriteConfig("""{ "services": { "web": { "command": ["sleep", "1000"], "env": { "PASSWORD": "secret$word" } } } }""");

        var checkedConfig = await tree.RunAsync("check");

        checkedConfig.ExitCode.Should().Be((int)ExitCode.BadConfig);
        checkedConfig.Errors.Should().Contain(
            "services.web.env.PASSWORD: \"secret$word\" uses $word, which is not set; set it, write $$word for a literal $word, or give a default: ${word:-…}");
    }
}
