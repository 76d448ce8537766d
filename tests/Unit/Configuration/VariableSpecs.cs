using Supervisor.Configuration;
using Supervisor.Configuration.Variables;

namespace Supervisor.Unit.Configuration;

/// <summary><c>${NAME}</c> and <c>$NAME</c> in values, and the environment of all services.</summary>
public sealed class VariableSpecs : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("${A}", "1")]
    [InlineData("<${A}${B}>", "<1two>")]
    [InlineData("${A:-x}", "1")]
    [InlineData("${EMPTY}", "")]
    [InlineData("${EMPTY:-x}", "x")]
    [InlineData("${NO:-}", "")]
    [InlineData("${NO:-a b:-c}", "a b:-c")]
    [InlineData("${NO:-${NONE:-${A}}}!", "1!")]
    [InlineData("$${A}", "${A}")]
    [InlineData("$$${A}", "$${A}")]
    [InlineData("$A", "1")]
    [InlineData("<$A$B>/$A.$B-", "<1two>/1.two-")]
    [InlineData("$EMPTY.", ".")]
    [InlineData("${NO:-$A}", "1")]
    [InlineData("$$A", "$A")]
    [InlineData("$$$A", "$$A")]
    [InlineData("$ $$ $1 $$2 $- ^a$ ($) $", "$ $$ $1 $$2 $- ^a$ ($) $")]
    [InlineData("{A}", "{A}")]
    public void A_variable_is_replaced_and_everything_else_stays(string text, string expanded) =>
        Interpolation.Expand(text, Scope, what => throw new InvalidOperationException(what)).Should().Be(expanded);

    [Theory]
    [InlineData("${NO}", "uses ${NO}, which is not set; set it, or give a default: ${NO:-…}")]
    [InlineData("${LONG_NAMES}", "uses ${LONG_NAMES}, which is not set; did you mean \"LONG_NAME\"? set it, or give a default: ${LONG_NAMES:-…}")]
    [InlineData("${NO:-${NONE}}", "uses ${NONE}, which is not set; set it, or give a default: ${NONE:-…}")]
    [InlineData("$NO", "uses $NO, which is not set; set it, write $$NO for a literal $NO, or give a default: ${NO:-…}")]
    [InlineData("$LONG_NAMES", "uses $LONG_NAMES, which is not set; did you mean \"LONG_NAME\"? set it, write $$LONG_NAMES for a literal $LONG_NAMES, or give a default: ${LONG_NAMES:-…}")]
    [InlineData("a ${A", "has a \"${\" without its \"}\"; write \"$${\" for a literal \"${\"")]
    [InlineData("${A%x}", "holds ${A%x}, which is neither ${NAME} nor ${NAME:-default}; write $${A%x} for a literal")]
    [InlineData("${1}", "holds ${1}, which is neither ${NAME} nor ${NAME:-default}; write $${1} for a literal")]
    [InlineData("${}", "holds ${}, which is neither ${NAME} nor ${NAME:-default}; write $${} for a literal")]
    public void What_is_no_variable_or_not_set_is_a_mistake(string text, string mistake)
    {
        var mistakes = new List<string>();

        Interpolation.Expand(text, Scope, mistakes.Add);

        mistakes.Should().Equal(mistake);
    }

    [Fact]
    public void Values_of_a_service_are_expanded()
    {
        Directory.CreateDirectory(_folder.At("site"));
        File.WriteAllText(_folder.At("web.env"), "NAME=web\n");

        var web = Service(
            """
            "cwd": "${DIR}", "envFile": "${NAME_OF_FILE:-web.env}", "port": "${WEB_PORT:-8000}",
            "env": { "OWN": "${NAME}", "PATH": "bin:$PATH" },
            "command": ["run", "--port", "$PORT", "${OWN}"],
            "watch": { "paths": ["${DIR}"] },
            "build": { "command": ["make", "${OWN}"] },
            "validate": { "command": ["check", "${OWN}"], "timeout": "${SECONDS:-7}s" },
            "ready": { "http": "http://127.0.0.1:${PORT}/${NAME}", "timeout": "${SECONDS:-7}s" },
            "health": { "http": "http://127.0.0.1:$PORT/$$PORTAL", "headers": { "Host": "${NAME}.test" } }
            """);

        web.WorkingDirectory.Should().Be(_folder.At("site"));
        web.Port.Should().Be(8000);
        web.Environment.Select(variable => $"{variable.Key}={variable.Value}").Should().Equal("NAME=web", "OWN=web", "PATH=bin:/usr/bin");
        web.Command.Should().Equal("run", "--port", "8000", "web");
        web.Watch!.Paths.Should().Equal(_folder.At("site"));
        web.Build.Should().BeEquivalentTo(new BuildSpec(["make", "web"], TimeSpan.FromMinutes(5)));
        web.Validate.Should().BeEquivalentTo(new ValidateSpec(["check", "web"], TimeSpan.FromSeconds(7), AtStart: true));
        web.Ready.Should().Be(new ReadySpec.Http(new Uri("http://127.0.0.1:8000/web"), TimeSpan.FromSeconds(7)));
        var health = web.Health!.Probe.Should().BeOfType<ReadySpec.Http>().Subject;
        health.Url.Should().Be(new Uri("http://127.0.0.1:8000/$PORTAL"));
        health.Headers.Should().Contain("Host", "web.test");
    }

    [Fact]
    public void A_command_for_the_shell_and_a_pattern_keep_their_dollars()
    {
        var web = Service(""" "command": "echo ${DIR} $HOME $$", "ready": { "log": "up${x}$" }, "validate": { "command": "test ${NO}" } """);

        web.Command.Should().Equal("/bin/sh", "-c", "echo ${DIR} $HOME $$");
        web.Validate!.Command.Should().Equal("/bin/sh", "-c", "test ${NO}");
        web.Ready.Should().Be(new ReadySpec.OutputLine("up${x}$", TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void A_script_that_a_list_gives_to_a_shell_keeps_its_plain_dollars()
    {
        Service(""" "command": ["bash", "-lc", "for i in 1 2; do echo $i $PATH $$ ${DIR}; done", "$DIR"] """)
            .Command.Should().Equal("bash", "-lc", "for i in 1 2; do echo $i $PATH $$ site; done", "site");
        Service(""" "command": ["docker", "exec", "$DIR", "/bin/sh", "-c", "echo $PATH"] """)
            .Command.Should().Equal("docker", "exec", "site", "/bin/sh", "-c", "echo $PATH");
        Service(""" "command": ["sh", "run.sh", "$PATH"] """).Command.Should().Equal("sh", "run.sh", "/usr/bin");
    }

    [Fact]
    public void The_later_layer_wins_and_each_refers_to_those_beneath()
    {
        File.WriteAllText(_folder.At("all.env"), "A=global file\nB=global file\nC=global file\nD=global file\n");
        File.WriteAllText(_folder.At("web.env"), "C=file\nD=file\n");

        var web = Read(
            """
            { "envFile": "all.env", "env": { "B": "global over ${B}", "C": "global", "D": "global" },
              "services": { "web": { "command": ["run"], "envFile": "web.env", "env": { "D": "own over ${D}" } }, "other": { "command": ["run", "${D}"] } } }
            """);

        web.Services[0].Environment.Select(variable => $"{variable.Key}={variable.Value}")
            .Should().Equal("A=global file", "B=global over global file", "C=file", "D=own over file");
        web.Services[0].EnvFiles.Should().BeEquivalentTo(new EnvFilesSpec([_folder.At("all.env"), _folder.At("web.env")], ["A", "C"]));
        web.Services[1].Command.Should().Equal("run", "global");
        web.Services[1].EnvFiles!.Paths.Should().Equal(_folder.At("all.env"));
    }

    [Fact]
    public void A_mistake_in_a_variable_names_its_place_and_hides_what_follows_from_it()
    {
        var mistakes = Mistakes(
            """
            { "env": { "A": "${NO_1}" },
              "services": { "web": {
                "command": ["run", "${NO_2} ${NO_3}"],
                "cwd": "${NO_4}",
                "port": "${NO_5}",
                "ready": { "http": "${NO_6}" } } } }
            """);

        mistakes.Select(mistake => $"{mistake.Line}:{mistake.Column} {mistake.Path} {mistake.Message[..mistake.Message.IndexOf(',')]}").Should().Equal(
            "1:17 env.A \"${NO_1}\" uses ${NO_1}",
            "3:24 services.web.command[1] \"${NO_2} ${NO_3}\" uses ${NO_2}",
            "3:24 services.web.command[1] \"${NO_2} ${NO_3}\" uses ${NO_3}",
            "4:12 services.web.cwd \"${NO_4}\" uses ${NO_4}",
            "5:13 services.web.port \"${NO_5}\" uses ${NO_5}",
            "6:24 services.web.ready.http \"${NO_6}\" uses ${NO_6}");
    }

    [Fact]
    public void A_port_that_is_known_only_at_the_start_cannot_stand_in_a_list()
    {
        Mistakes("""{ "services": { "web": { "command": ["run", "${PORT}"], "port": 8000, "onPortConflict": "next", "ready": { "tcp": "${PORT}" } } } }""")
            .Should().ContainSingle().Which.Message.Should().StartWith("\"${PORT}\" uses ${PORT}, which is known only at the start");
    }

    [Fact]
    public void A_port_that_is_no_number_is_a_mistake() =>
        Mistakes("""{ "services": { "web": { "command": ["run"], "port": "${DIR}" } } }""")
            .Should().ContainSingle().Which.Message.Should().Be("\"site\" must be a number, but is a text");

    [Fact]
    public void The_content_of_an_env_file_is_no_part_of_the_hash_and_what_a_value_takes_from_it_is()
    {
        var hash = Hash("A=1", "x");

        Hash("A=2", "x").Should().Be(hash);
        Hash("A=1\nB=1", "x").Should().Be(hash);
        Hash("A=1", "y").Should().NotBe(hash);
        Hash("A=1", "${A}").Should().NotBe(Hash("A=2", "${A}"));

        string Hash(string file, string value)
        {
            File.WriteAllText(_folder.At(".env"), file);
            return SpecHash.Of(Service($$""" "command": ["run"], "envFile": ".env", "env": { "OWN": "{{value}}" } """));
        }
    }

    [Fact]
    public void One_service_is_read_again_whatever_has_become_of_the_others()
    {
        File.WriteAllText(_folder.At("web.env"), "A=1");
        File.WriteAllText(_folder.At("other.env"), "A=1");
        var tree = Read("""{ "services": { "web": { "command": ["run", "${A}"], "envFile": "web.env" }, "other": { "command": ["run"], "envFile": "other.env" } } }""");
        var source = tree.SourceFor(tree.Services[0])!;
        File.WriteAllText(_folder.At("web.env"), "A=2");
        File.Delete(_folder.At("other.env"));

        ConfigurationFile.ReadService(source, "web", Shell).Should().BeOfType<ServiceReadResult.Valid>().Which.Spec.Command.Should().Equal("run", "2");
        ConfigurationFile.ReadService(source, "other", Shell).Should().BeOfType<ServiceReadResult.Invalid>()
            .Which.Mistakes.Should().ContainSingle().Which.Message.Should().Contain("does not exist");
    }

    private static readonly Dictionary<string, string> Shell = new(StringComparer.Ordinal) { ["DIR"] = "site", ["PATH"] = "/usr/bin" };

    private static VariableScope Scope => VariableScope.Of(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "1", ["B"] = "two", ["EMPTY"] = "", ["LONG_NAME"] = "x" });

    private ServiceSpec Service(string members) => Read($$"""{ "services": { "web": { {{members}} } } }""").Services.Single();

    private TreeSpec Read(string json)
    {
        File.WriteAllText(_folder.File, json);
        var read = ConfigurationFile.Read(_folder.File, Shell);
        return read.Should().BeOfType<ReadResult.Valid>("{0}", read is ReadResult.Invalid wrong ? string.Join('\n', wrong.Mistakes) : "").Subject.Spec;
    }

    private IReadOnlyList<Mistake> Mistakes(string json)
    {
        File.WriteAllText(_folder.File, json);
        return ConfigurationFile.Read(_folder.File, Shell).Should().BeOfType<ReadResult.Invalid>().Subject.Mistakes;
    }
}
