using System.Text.Json.Nodes;
using Supervisor.Tree.Harness;

namespace Supervisor.Tree;

/// <summary><c>init</c> in ten layouts of projects: what it writes has no mistake, and where the programs are here, it starts.</summary>
public sealed class InitSpecs
{
    private const string Server = "import os, sys, http.server as h\nh.HTTPServer(('127.0.0.1', int(os.environ['PORT'])), h.SimpleHTTPRequestHandler).serve_forever()\n";

    /// <summary>The files of each layout, and the services that it has.</summary>
    private static readonly Dictionary<string, (Dictionary<string, string> Files, string[] Services)> Layouts = new(StringComparer.Ordinal)
    {
        ["Procfile"] = (new(StringComparer.Ordinal) { ["Procfile.dev"] = "# dev\nweb: exec python3 server.py\nworker: sleep 1000\n", ["server.py"] = Server, [".env"] = "KEY=value\n" }, ["web", "worker"]),
        ["compose"] = (new(StringComparer.Ordinal)
        {
            ["docker-compose.yml"] = """
                x-common: &common
                  build: ./app
                services:
                  api:
                    <<: *common
                    command: python3 server.py
                    environment: [ "PORT=8000", "URL=${URL:-http://db:1}" ]
                    ports: ["8000:8000"]
                    depends_on: { seed: { condition: service_completed_successfully } }
                  seed:
                    <<: *common
                    command: ["sh", "-c", "echo $$PORT"]
                  db:
                    image: postgres:17
                    profiles: [db]
                    ports: ["${DB_PORT:-5432}:5432"]
                    healthcheck: { test: ["CMD", "pg_isready"], interval: 1m30s }
                """,
            ["app/server.py"] = Server,
        }, ["api", "seed", "db"]),
        ["process-compose"] = (new(StringComparer.Ordinal)
        {
            ["process-compose.yaml"] = """
                version: "0.5"
                environment: [ "LEVEL=debug" ]
                processes:
                  setup: { command: "true" }
                  web:
                    command: exec python3 server.py
                    environment: { PORT: 8000 }
                    depends_on: { setup: { condition: process_completed_successfully } }
                    readiness_probe: { http_get: { host: 127.0.0.1, port: 8000 }, period_seconds: 1, failure_threshold: 90 }
                    availability: { restart: always }
                    shutdown: { signal: 2, timeout_seconds: 3 }
                  idle: { command: sleep 1000, disabled: true, namespace: later }
                """,
            ["server.py"] = Server,
        }, ["setup", "web", "idle"]),
        ["mprocs"] = (new(StringComparer.Ordinal) { ["mprocs.yaml"] = "procs:\n  next dev:\n    shell: sleep 1000\n    env: { A: b }\n  list:\n    cmd: [\"sleep\", \"1000\"]\n    stop: SIGINT\n" }, ["next-dev", "list"]),
        ["workspaces"] = (new(StringComparer.Ordinal)
        {
            ["package.json"] = """{ "name": "root", "private": true, "workspaces": ["packages/*", "!packages/lib"], "scripts": { "dev": "npm run dev --workspaces" } }""",
            ["packages/api/package.json"] = """{ "name": "@shop/api", "scripts": { "dev": "sleep 1000" } }""",
            ["packages/site/package.json"] = """{ "name": "@shop/site", "scripts": { "dev": "sleep 1000" } }""",
            ["packages/lib/package.json"] = """{ "name": "@shop/lib", "scripts": { "dev": "tsc --watch" } }""",
        }, ["api", "site"]),
        ["launchSettings"] = (new(StringComparer.Ordinal)
        {
            ["src/Shop/Properties/launchSettings.json"] = """
                { // as Visual Studio writes it
                  "profiles": {
                    "IIS Express": { "commandName": "IISExpress" },
                    "http": { "commandName": "Project", "applicationUrl": "https://localhost:7001;http://localhost:5001", "environmentVariables": { "ASPNETCORE_ENVIRONMENT": "Development" } } } }
                """,
            ["src/Shop/Shop.csproj"] = "<Project Sdk=\"Microsoft.NET.Sdk.Web\" />",
        }, ["shop"]),
        ["Django"] = (new(StringComparer.Ordinal)
        {
            ["manage.py"] = "import os, sys\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site1')\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n",
            ["site1.py"] = "SECRET_KEY = 'x'\nDEBUG = True\nALLOWED_HOSTS = []\nROOT_URLCONF = 'site1'\nurlpatterns = []\n",
        }, ["web"]),
        ["Rails"] = (new(StringComparer.Ordinal)
        {
            ["bin/rails"] = "#!/bin/sh\n[ \"$1 $2\" = 'server -p' ] && PORT=$3 exec python3 server.py\n", ["server.py"] = Server,
            ["Gemfile"] = "gem \"rails\"\ngem 'sidekiq'\n", ["config/application.rb"] = "module Shop; class Application < Rails::Application; end; end\n",
        }, ["web", "sidekiq"]),
        ["Vite"] = (new(StringComparer.Ordinal) { ["vite.config.ts"] = "export default {}\n", ["package.json"] = """{ "scripts": { "dev": "vite", "build": "vite build" }, "devDependencies": { "vite": "6" } }""" }, ["frontend"]),
        ["uvicorn"] = (new(StringComparer.Ordinal)
        {
            ["requirements.txt"] = "uvicorn\n",
            ["app/__init__.py"] = "",
            ["app/main.py"] = "class FastAPI:\n    async def __call__(self, scope, receive, send):\n        raise RuntimeError\n\napp = FastAPI()\n",
        }, ["api"]),
        ["mixed"] = (new(StringComparer.Ordinal)
        {
            ["backend/manage.py"] = "import django\n", ["frontend/package.json"] = """{ "scripts": { "dev": "vite --host" } }""",
            ["mix.exs"] = "defp deps, do: [{:phoenix, \"~> 1.7\"}]\n", ["docker-compose.yml"] = "services: { db: { image: postgres } }\n",
        }, ["web", "backend", "frontend"]),
    };

    public static TheoryData<string> Names => [.. Layouts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_init_writes_for_a_layout_has_no_mistake_and_all_its_services(string layout)
    {
        await using var tree = TestTree.Create();
        Lay(tree, layout);

        var written = await tree.RunAsync("init");
        written.ExitCode.Should().Be(0, "{0}", written);

        var check = await tree.RunAsync("check");
        check.ExitCode.Should().Be(0, "{0}\n{1}", check, await File.ReadAllTextAsync(tree.Config));
        (await tree.RunAsync("list")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().BeEquivalentTo(Layouts[layout].Services);
        (await File.ReadAllTextAsync(tree.Config)).Should().StartWith("// Written by \"supervisor init\"");
    }

    [Theory]
    [InlineData("Procfile", "5000", "web")]
    [InlineData("compose", "8000", "api")]
    [InlineData("process-compose", "8000", "web")]
    [InlineData("mprocs", "", "next-dev")]
    [InlineData("Rails", "3000", "web")]
    public Task What_init_writes_starts(string layout, string port, string service) => StartsAsync(layout, port, service);

    [NeedsFact("npm")]
    public Task What_init_writes_for_workspaces_starts() => StartsAsync("workspaces", "", "api");

    [NeedsFact("uvicorn")]
    public Task What_init_writes_for_uvicorn_starts() => StartsAsync("uvicorn", "8000", "api");

    [DjangoFact]
    public Task What_init_writes_for_Django_starts() => StartsAsync("Django", "8000", "web");

    [Fact]
    public async Task A_configuration_that_exists_is_not_overwritten_without_force_and_print_writes_nothing()
    {
        await using var tree = TestTree.Create();
        Lay(tree, "Procfile");

        var printed = await tree.RunAsync("init", "--print");
        printed.ExitCode.Should().Be(0, "{0}", printed);
        printed.Output.Should().Contain("\"web\": {").And.Contain("Procfile.dev:2");
        File.Exists(tree.Config).Should().BeFalse();

        tree.WriteConfig("mine");
        var refused = await tree.RunAsync("init");
        refused.ExitCode.Should().Be((int)ExitCode.Failed);
        refused.Errors.Should().Contain("exists").And.Contain("--force").And.Contain("--print");
        (await File.ReadAllTextAsync(tree.Config)).Should().Be("mine");

        (await tree.RunAsync("init", "--force")).ExitCode.Should().Be(0);
        (await File.ReadAllTextAsync(tree.Config)).Should().Be(printed.Output);
        Directory.GetFiles(tree.Project, "*.tmp*").Should().BeEmpty();
    }

    [Fact]
    public async Task A_folder_in_which_nothing_is_found_gets_no_file_and_says_what_was_looked_for()
    {
        await using var tree = TestTree.Create();
        tree.Write("README.md", "empty");

        var nothing = await tree.RunAsync("init");

        nothing.ExitCode.Should().Be((int)ExitCode.Failed);
        nothing.Errors.Should().Contain("Procfile.dev").And.Contain("process-compose.yaml").And.Contain("--from FILE").And.Contain("\"services\"");
        File.Exists(tree.Config).Should().BeFalse();
    }

    [Fact]
    public async Task From_chooses_the_file_and_several_are_joined()
    {
        await using var tree = TestTree.Create();
        tree.Write("Procfile", "web: sleep 1000\n");
        tree.Write("deploy/services.yml", "services:\n  web: { build: ., command: sleep 1 }\n  db: { image: postgres, volumes: [a:/b] }\n");

        var used = JsonNode.Parse((await tree.RunAsync("init", "--from", "Procfile", "--from", "deploy/services.yml", "--json")).Output)!;

        used["used"]!.AsArray().Select(file => (string?)file).Should().Equal("Procfile", "deploy/services.yml");
        used["services"]!.AsArray().Select(service => (string?)service!["name"]).Should().Equal("web", "db");
        used["notCarriedOver"]!.AsArray().Select(remark => (string?)remark!["text"]).Should().Contain(text => text!.Contains("Procfile:1", StringComparison.Ordinal));
        (await File.ReadAllTextAsync(tree.Config)).Should().Contain("\"-f\", \"deploy/services.yml\"");

        var missing = await tree.RunAsync("init", "--force", "--from", "Procfil");
        missing.ExitCode.Should().Be((int)ExitCode.Failed);
        missing.Errors.Should().Contain("Procfil").And.Contain("does not exist");

        var broken = tree.Write("mprocs.yaml", "procs:\n  a: [\n");
        var notYaml = await tree.RunAsync("init", "--force", "--from", broken);
        notYaml.ExitCode.Should().Be((int)ExitCode.Failed);
        notYaml.Errors.Should().MatchRegex("mprocs.yaml:[0-9]+");

        var unknown = tree.Write("notes.txt", "hello\n");
        (await tree.RunAsync("init", "--force", "--from", unknown)).Errors.Should().Contain("notes.txt").And.Contain("Procfile");
    }

    private static void Lay(TestTree tree, string layout)
    {
        foreach (var (file, text) in Layouts[layout].Files)
        {
            var path = tree.Write(file, text);

            if (text.StartsWith("#!", StringComparison.Ordinal))
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>On another port: the usual one may be taken on this machine.</summary>
    private static async Task StartsAsync(string layout, string port, string service)
    {
        await using var tree = TestTree.Create();
        tree["PORT"] = null;

        if (layout == "Django")
            tree["PATH"] = "/usr/bin:/bin";

        Lay(tree, layout);
        (await tree.RunAsync("init")).ExitCode.Should().Be(0);
        var text = await File.ReadAllTextAsync(tree.Config);

        if (port.Length > 0)
        {
            text.Should().Contain(port);
            tree.WriteConfig(text.Replace(port, $"{TestTree.FreePort()}", StringComparison.Ordinal));
        }

        // The gem is not here.
        var without = layout == "Rails" ? ["--except", "sidekiq"] : layout == "compose" ? new[] { "--except", "db" } : [];
        var started = await tree.RunAsync(["start", "-d", .. without]);

        started.ExitCode.Should().Be(0, "{0}\n{1}\n{2}", started, text, tree.Logs());
        (await tree.StatusAsync()).Service(service).State.Should().BeOneOf(ServicePhase.Running, ServicePhase.Ready);
    }
}
