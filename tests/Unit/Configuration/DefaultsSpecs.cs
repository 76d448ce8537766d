using System.Text.Json;
using Supervisor.Configuration;

namespace Supervisor.Unit.Configuration;

/// <summary>The defaults of a specification, and the values that a file sets.</summary>
public sealed class DefaultsSpecs : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_service_with_only_a_command_has_the_defaults_of_the_design()
    {
        var service = _folder.Service();

        service.Should().BeEquivalentTo(new
        {
            Name = "web", Command = new[] { "run" }, WorkingDirectory = _folder.Path, Port = (int?)null, OnPortConflict = PortConflict.Block,
            Watch = (WatchSpec?)null, Build = (BuildSpec?)null, Validate = (ValidateSpec?)null, Ready = (ReadySpec?)null, Autostart = true,
            Restart = new RestartSpec(
                RestartPolicy.OnFailure, new BackoffSpec(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30)),
                new CrashLoopSpec(5, TimeSpan.FromSeconds(60))),
            Stop = new StopSpec(15, TimeSpan.FromSeconds(5)),
            Limits = new LimitsSpec(null, null, null, null),
        });
        service.Environment.Should().BeEmpty();
        service.DependsOn.Should().BeEmpty();
    }

    [Fact]
    public void A_watcher_without_settings_has_the_defaults_of_the_design()
    {
        var tree = _folder.Read("""{ "services": { "web": { "command": "run" } } }""");

        tree.ConfigPath.Should().Be(_folder.File);
        tree.OrphanGrace.Should().BeNull();
        tree.Watcher.Should().BeEquivalentTo(new WatcherSpec(
            WatchBackend.Auto, new LimitsSpec(128L << 20, 0.5, null, null), new BackoffSpec(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10)),
            CompareMode.Content, Settle: null, Ignore: [], Gitignore: true));
    }

    [Fact]
    public void The_example_of_the_design_is_valid()
    {
        Directory.CreateDirectory(_folder.At("site"));
        File.WriteAllText(_folder.At(".env"), "SECRET=1\nDEBUG=0\n");

        var tree = _folder.Read(
            """
            {
              "$schema": "./supervisor.schema.json",
              "watcher": { "backend": "auto",               // auto | inotify | native | poll | watchman
                           "limits": { "memory": "128MB", "cpu": "50%" },
                           "backoff": { "initial": "100ms", "max": "10s" }, "compare": "content",
                           "settle": "auto", "ignore": ["chrome-debug-profile/**"], "gitignore": true },
              "orphanGrace": "forever",                     // how long hosts serve without a parent
              "services": {
                "db": { "command": "exec db", },
                "web": {
                  "command": ["python3", "manage.py", "runserver", "--noreload", "127.0.0.1:8000"],   // or one string, run by the shell
                  "cwd": "site", "env": { "DEBUG": "1" }, "envFile": ".env", "port": 8000, "onPortConflict": "block",
                  "watch": { "paths": ["site"], "include": ["**/*.py", "**/*.html"], "ignore": ["**/migrations/**"], "debounce": "0ms",
                             "onChange": "restart" },        // restart | signal:HUP | none
                  "validate": { "command": ["python3", "manage.py", "check"], "timeout": "10s" },
                  "ready": { "http": "http://127.0.0.1:8000/", "timeout": "60s" },     // http | tcp | log | exec
                  "restart": { "policy": "on-failure", "backoff": { "initial": "500ms", "max": "30s" }, "crashLoop": { "failures": 5, "within": "60s" } },
                  "stop": { "signal": "TERM", "grace": "5s" },
                  "limits": { "memory": "1GB", "cpu": "200%", "processes": 256, "files": 10240 },
                  "dependsOn": { "db": "ready" }, "autostart": true
                }
              }
            }
            """);

        tree.OrphanGrace.Should().Be(new OrphanGrace(Period: null));
        tree.Services.Select(s => s.Name).Should().Equal("db", "web");
        tree.Services[0].Command.Should().Equal("/bin/sh", "-c", "exec db");
        var web = tree.Services[1];
        web.WorkingDirectory.Should().Be(_folder.At("site"));
        web.Environment.Select(e => $"{e.Key}={e.Value}").Should().Equal("DEBUG=1", "SECRET=1");
        web.Watch.Should().BeEquivalentTo(new WatchSpec(
            [_folder.At("site")], ["**/*.py", "**/*.html"], ["**/migrations/**"], TimeSpan.Zero, new OnChange(ChangeAction.Restart, null)));
        web.Validate.Should().BeEquivalentTo(new ValidateSpec(["python3", "manage.py", "check"], TimeSpan.FromSeconds(10), AtStart: true));
        web.Ready.Should().Be(new ReadySpec.Http(new Uri("http://127.0.0.1:8000/"), TimeSpan.FromSeconds(60)));
        web.Limits.Should().Be(new LimitsSpec(1L << 30, 2, 256, 10_240));
        web.DependsOn.Should().ContainSingle().Which.Should().Be(KeyValuePair.Create("db", DependencyCondition.Ready));
    }

    [Fact]
    public void A_watch_section_without_paths_watches_the_working_directory()
    {
        Directory.CreateDirectory(_folder.At("site"));

        _folder.Service(""" "cwd": "site", "watch": {} """).Watch!.Paths.Should().Equal(_folder.At("site"));
    }

    [Fact]
    public void A_single_text_stands_for_a_list_of_one()
    {
        var watch = _folder.Service(""" "watch": { "paths": "src", "include": "*.py", "ignore": "tmp/**" } """).Watch!;

        watch.Paths.Should().Equal(_folder.At("src"));
        watch.Include.Should().Equal("*.py");
        watch.Ignore.Should().Equal("tmp/**");
    }

    [Theory]
    [InlineData("""{ "tcp": 5432 }""", "localhost", 5432)]
    [InlineData("""{ "tcp": "5432" }""", "localhost", 5432)]
    [InlineData("""{ "tcp": "127.0.0.1:80" }""", "127.0.0.1", 80)]
    [InlineData("""{ "tcp": "localhost:80" }""", "localhost", 80)]
    [InlineData("""{ "tcp": "[::1]:80" }""", "::1", 80)]
    public void A_tcp_probe_may_name_a_host_and_must_name_a_port(string ready, string host, int port) =>
        _folder.Service($"\"ready\": {ready}").Ready.Should().Be(new ReadySpec.Tcp(host, port, TimeSpan.FromSeconds(60)));

    [Fact]
    public void A_log_probe_and_an_exec_probe_are_read_with_their_timeouts()
    {
        _folder.Service(""" "ready": { "log": "listening on \\d+", "timeout": "5s" } """).Ready
            .Should().Be(new ReadySpec.OutputLine(@"listening on \d+", TimeSpan.FromSeconds(5)));
        _folder.Service(""" "ready": { "log": "up", "tcp": 80, "notify": true, "timeout": "5s" } """).Ready!.Each().Should().Equal(
            new ReadySpec.Tcp("localhost", 80, TimeSpan.FromSeconds(5)), new ReadySpec.OutputLine("up", TimeSpan.FromSeconds(5)),
            new ReadySpec.Notify(TimeSpan.FromSeconds(5)));
        _folder.Service(""" "health": { "tcp": 5432 } """).Health
            .Should().Be(new HealthSpec(new ReadySpec.Tcp("localhost", 5432, TimeSpan.FromSeconds(5)), TimeSpan.FromSeconds(10), 3, HealthAction.Tell));
        _folder.Service(""" "ready": { "exec": ["test", "-f", "up"] } """).Ready
            .Should().BeEquivalentTo(new ReadySpec.Exec(["test", "-f", "up"], TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void A_probe_says_when_it_asks_and_what_it_accepts()
    {
        var ready = (ReadySpec.Http)_folder.Service(
            """ "ready": { "http": "http://localhost/", "status": "200-399, 401", "headers": { "Host": "shop.test" }, "interval": "2s", "successes": 3, "delay": "1s" } """).Ready!;
        ready.Statuses.Should().Equal(new StatusRange(200, 399), new StatusRange(401, 401));
        ready.Headers.Should().Equal(new Dictionary<string, string>(StringComparer.Ordinal) { ["Host"] = "shop.test" });
        ready.Pace.Should().Be(new ProbePace(TimeSpan.FromSeconds(2), 3, TimeSpan.FromSeconds(1)));

        var health = _folder.Service(""" "health": { "http": "http://localhost/", "status": 204, "successes": 2, "delay": "1m" } """).Health!;
        ((ReadySpec.Http)health.Probe).Statuses.Should().Equal(new StatusRange(204, 204));
        health.Should().Match<HealthSpec>(it => it.Successes == 2 && it.Delay == TimeSpan.FromMinutes(1) && it.Interval == TimeSpan.FromSeconds(10));

        _folder.Service(""" "ready": { "tcp": 80, "log": "up", "interval": "1s" } """).Ready!.Pace.Should().Be(new ProbePace(TimeSpan.FromSeconds(1), 1, TimeSpan.Zero));
    }

    [Fact]
    public void What_a_probe_accepts_survives_the_way_to_the_host()
    {
        var spec = _folder.Service(
            """ "tty": true, "ready": { "http": "http://localhost/", "status": "401", "headers": { "A": "b" }, "successes": 3 }, "health": { "tcp": 1, "successes": 2 } """);

        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(spec, ContractJson.Default.ServiceSpec), ContractJson.Default.ServiceSpec);

        read.Should().BeEquivalentTo(spec, options => options.RespectingRuntimeTypes());
    }

    [Theory]
    [InlineData("", StandardInputMode.Open)]
    [InlineData("\"stdin\": \"open\"", StandardInputMode.Open)]
    [InlineData("\"stdin\": \"null\"", StandardInputMode.Null)]
    public void Standard_input_is_open_unless_it_is_to_be_at_its_end(string key, StandardInputMode mode) => _folder.Service(key).Stdin.Should().Be(mode);

    [Theory]
    [InlineData("", false)]
    [InlineData("\"tty\": true", true)]
    [InlineData("\"tty\": true, \"stdin\": \"open\"", true)]
    public void A_server_has_a_terminal_only_if_it_is_asked_for(string key, bool tty) => _folder.Service(key).Tty.Should().Be(tty);

    [Fact]
    public void An_initial_backoff_longer_than_the_default_maximum_raises_the_maximum() =>
        _folder.Service(""" "restart": { "backoff": { "initial": "2m" } } """).Restart.Backoff
            .Should().Be(new BackoffSpec(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2)));

    [Fact]
    public void A_signal_may_be_written_with_or_without_its_prefix()
    {
        _folder.Service(""" "stop": { "signal": "SIGINT" } """).Stop.Signal.Should().Be(2);
        _folder.Service(""" "watch": { "onChange": "signal:hup" } """).Watch!.OnChange.Should().Be(new OnChange(ChangeAction.Signal, 1));
    }

    [Fact]
    public void Specs_have_the_same_hash_exactly_when_they_mean_the_same_to_a_running_host()
    {
        var one = SpecHash.Of(_folder.Service(""" "env": { "A": "1", "B": "2" } """));

        SpecHash.Of(_folder.Service(""" "env": { "B": "2", "A": "1" }, "autostart": true """)).Should().Be(one);
        SpecHash.Of(_folder.Service(""" "env": { "A": "1", "B": "2" }, "autostart": false, "watch": { "debounce": "1s" } """)).Should().Be(one);
        SpecHash.Of(_folder.Service(""" "env": { "B": "2", "A": "2" } """)).Should().NotBe(one);
        SpecHash.Of(_folder.Service(""" "env": { "A": "1", "B": "2" }, "port": 1 """)).Should().NotBe(one);
    }

    [Fact]
    public void The_nearest_file_upwards_is_found()
    {
        var deep = Directory.CreateDirectory(_folder.At("a/b/c")).FullName;
        File.WriteAllText(_folder.File, "{}");
        ConfigurationFile.FindUpwards(deep).Should().Be(_folder.File);

        File.WriteAllText(_folder.At("a/supervisor.json"), "{}");
        ConfigurationFile.FindUpwards(deep).Should().Be(_folder.At("a/supervisor.json"));
    }
}
