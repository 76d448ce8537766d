using System.Text.Json.Nodes;
using Supervisor.Cli.Init;
using Supervisor.Cli.Init.Reading;

namespace Supervisor.Unit.Cli.Init;

/// <summary>What each kind of file becomes.</summary>
public sealed class ReaderSpecs
{
    [Theory]
    [InlineData("web: bin/rails s -p 3001 -b 0.0.0.0", "3001")]
    [InlineData("web: PORT=4000 yarn start", "4000")]
    [InlineData("web: puma -p ${PORT:-3000}", "${PORT:-3000}")]
    [InlineData("web: serve --port $PORT", "${PORT:-5000}")]
    [InlineData("web: python manage.py runserver 0.0.0.0:8001", "8001")]
    [InlineData("worker: bundle exec sidekiq", null)]
    [InlineData("dirs: mkdir -p 700", null)]
    public void The_port_of_a_line_of_a_Procfile_is_the_one_it_names(string line, string? port) =>
        Single(ProcfileReader.Read(Files(("Procfile", line)), "Procfile")).Members["port"]?.ToString().Should().Be(port);

    [Fact]
    public void Lines_that_are_no_processes_are_said_with_their_place_and_env_is_read_as_foreman_does()
    {
        var found = ProcfileReader.Read(Files(("Procfile", "# comment\n\na: b\nnonsense\na: c\nrelease: migrate\n"), (".env", "")), "Procfile");

        found.NotCarriedOver.Select(remark => remark.ToString()).Should().Equal("Procfile:4: is no \"name: command\"", "Procfile:5: a is given twice; the first one counts");
        found.ForAll.ToJsonString().Should().Be("""{"envFile":".env?"}""");
        found.Services.Select(service => service.Name).Should().Equal("a", "release");
        found.Services[1].Members["autostart"]!.GetValue<bool>().Should().BeFalse();
    }

    [Fact]
    public void Process_compose_keeps_conditions_probes_policies_groups_and_stops()
    {
        var found = ProcessComposeReader.Read(Files(("process-compose.yaml", """
            shell: { shell_command: zsh }
            processes:
              db:
                command: pg
                is_daemon: true
                availability: { restart: always }
                readiness_probe: { exec: { command: pg_isready }, period_seconds: 5, failure_threshold: 30, initial_delay_seconds: 2 }
                shutdown: { command: pg stop, signal: 2, timeout_seconds: 900 }
                namespace: back end
              seed: { command: seed, depends_on: { db: { condition: process_healthy }, gone: {} } }
              web:
                command: web
                working_dir: ${ROOT}/web
                depends_on: { seed: { condition: process_completed_successfully } }
                liveness_probe: { http_get: { host: 0.0.0.0, port: "${PORT}" }, failure_threshold: 4 }
                readiness_probe: { http_get: { port: "404{{.PC_REPLICA_NUM}}" } }
                replicas: 3
                availability: { restart: exit_on_failure }
            """)), "process-compose.yaml");

        Members(found, "db").Should().Be("""{"command":"pg","ready":{"exec":"pg_isready","timeout":"152s","delay":"2s"},"stop":{"command":"pg stop","signal":"INT","grace":"2m"}}""");
        Members(found, "seed").Should().Be("""{"command":"seed","dependsOn":{"db":"ready"},"restart":{"policy":"never"}}""");
        Members(found, "web").Should().Be(
            """{"command":"web","cwd":"${ROOT:-}/web","health":{"http":"http://127.0.0.1:${PORT:-}/","failures":4,"onFailure":"restart"},"dependsOn":{"seed":"completed"},"restart":{"policy":"never"},"instances":3}""");
        found.Groups.Should().ContainSingle().Which.Should().BeEquivalentTo(KeyValuePair.Create("back end", new[] { "db" }));
        found.NotCarriedOver.Should().ContainSingle().Which.Text.Should().StartWith("shell");
        found.Services.SelectMany(service => service.NotCarriedOver).Select(remark => remark.Place.Line).Should().Equal(5, 10, 16, 18);
    }

    [Fact]
    public void A_compose_service_with_a_command_and_its_code_runs_here_and_others_in_their_container()
    {
        var found = ComposeReader.Read(Files(("docker-compose.yml", """
            services:
              api:
                build: { context: ./api }
                command: run --port 80$$
                environment: { DB: "postgres://db:5432/x", PASS: }
                env_file: [a.env, b.env]
                ports: ["127.0.0.1:8080:80"]
                depends_on: [db]
                stop_grace_period: 1m
                volumes: ["./api:/app"]
              mounted:
                image: node:22
                command: ["npm", "start"]
                working_dir: /app/web
                volumes: [".:/app"]
              db:
                image: postgres
                command: postgres -c x
                ports: ["${DB_PORT:-5432}:5432"]
                restart: unless-stopped
              seed: { image: seed }
              last: { image: last, depends_on: { seed: { condition: service_completed_successfully } } }
            """)), "docker-compose.yml");

        Members(found, "api").Should().Be(
            """{"command":"run --port 80$","cwd":"api","env":{"DB":"postgres://db:5432/x"},"envFile":"a.env","port":80,"ready":{"tcp":80},"stop":{"grace":"1m"},"dependsOn":{"db":"started"}}""");
        found.Services[0].NotCarriedOver.Select(remark => remark.Text).Should().Contain(text => text.Contains("container db", StringComparison.Ordinal)).And.Contain(text => text.Contains("b.env", StringComparison.Ordinal)).And.Contain(text => text.StartsWith("volumes:", StringComparison.Ordinal));
        Members(found, "mounted").Should().Be("""{"command":["npm","start"],"cwd":"web"}""");
        Members(found, "db").Should().Be(
            """{"command":["docker","compose","up","--no-deps","--no-log-prefix","db"],"ready":{"tcp":"${DB_PORT:-5432}"},"stop":{"command":["docker","compose","stop","db"],"grace":"30s"},"restart":{"policy":"always"}}""");
        Members(found, "seed").Should().Contain("\"--exit-code-from\",\"seed\"").And.Contain("never").And.NotContain("\"ready\"");
    }

    [Fact]
    public void Mprocs_keeps_programs_shells_paths_and_signals()
    {
        var found = MprocsReader.Read(Files(("mprocs.yaml", """
            proc_list_width: 20
            procs:
              a: echo $A
              b: { cmd: [echo, "$A"], cwd: "<CONFIG_DIR>/sub", add_path: bin, autostart: false, autorestart: true, stop: hard-kill }
              c: { shell: c, stop: { send-keys: ["<C-c>"] }, env: { GONE: null, KEPT: "$5" } }
              d: null
            """)), "mprocs.yaml");

        Members(found, "a").Should().Be("""{"command":"echo $A"}""");
        Members(found, "b").Should().Be("""{"command":["echo","$$A"],"cwd":"sub","env":{"PATH":"bin:${PATH}"},"autostart":false,"restart":{"policy":"always"},"stop":{"signal":"KILL"}}""");
        Members(found, "c").Should().Be("""{"command":"c","env":{"KEPT":"$5"}}""");
        found.Services.Should().HaveCount(3);
        found.Services[2].NotCarriedOver.Should().HaveCount(2);
        found.NotCarriedOver.Should().ContainSingle();
    }

    [Fact]
    public void A_script_that_runs_several_scripts_is_taken_apart_and_the_lock_file_names_the_tool()
    {
        var found = PackageJsonReader.Read(
            Files(("package.json", """{ "scripts": { "dev": "concurrently npm:dev:*", "dev:api": "node api.js", "dev:site": "vite --host" } }"""), ("pnpm-lock.yaml", "")), "package.json");

        Members(found, "api").Should().Contain("""["pnpm","run","dev:api"]""").And.Contain("**/*.js");
        Members(found, "site").Should().Contain("""["pnpm","run","dev:site","--port","$PORT","--strictPort"]""").And.Contain("\"port\":5173");
        found.NotCarriedOver.Should().ContainSingle();
    }

    [Fact]
    public void A_process_file_is_the_only_source_and_programs_are_all_taken_with_ports_of_their_own()
    {
        (string, string)[] programs = [("a/manage.py", "import django"), ("b/main.py", "app: FastAPI = FastAPI()"), ("b/requirements.txt", ""), ("tests/manage.py", "import django"), ("compose.yaml", "services: {}")];
        var chosen = SourceChoice.Of(Files(programs));

        chosen.Used.Select(it => it.File).Should().Equal("a/manage.py", "b/main.py");
        chosen.Unused.Should().Equal("compose.yaml");
        var joined = JoinedServices.Of([.. chosen.Used.Select(it => it.Format.Read(Files(programs), it.File))], areNamed: false);
        joined.Services.Select(service => service.Members["port"]!.ToString()).Should().Equal("8000", "8001");

        SourceChoice.Of(Files([.. programs, ("Procfile", "a: b")])).Used.Should().ContainSingle().Which.File.Should().Be("Procfile");
    }

    [Fact]
    public void A_virtual_environment_and_a_lock_file_choose_the_Python_that_runs()
    {
        PythonTools.Command(Files((".venv/bin/python", "")), "a/b", "uvicorn", "x").ToJsonString().Should().Be("""["../../.venv/bin/uvicorn","x"]""");
        PythonTools.Command(Files(("a/uv.lock", "")), "a", "python").ToJsonString().Should().Be("""["uv","run","python"]""");
        PythonTools.Command(Files(), "", "python").ToJsonString().Should().Be("""["python3"]""");
    }

    [Fact]
    public void A_comment_of_the_configuration_never_ends_early()
    {
        var service = new FoundService("a", new SourcePlace("x\ny", 1), new JsonObject { ["command"] = "\"\n" }, [new Remark(new SourcePlace("f", 0), "one\ntwo")]);

        CommentedJson.Of(new JoinedServices([service], [], new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), []), ["f"], [])
            .Should().Contain("    // x y:1\n    // Not carried over: f: one two\n    \"a\": {\n      \"command\": \"\\\"\\n\"\n    }\n");
    }

    private static ProjectFiles Files(params (string Path, string Text)[] files) =>
        new(files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal), files.ToDictionary(file => file.Path, file => file.Text, StringComparer.Ordinal));

    private static FoundService Single(FoundServices found) => found.Services.Should().ContainSingle().Subject;

    private static string Members(FoundServices found, string name) =>
        found.Services.Single(service => service.Name == name).Members.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
