using System.Text;

namespace Supervisor.Unit.Configuration;

/// <summary>All mistakes in a file are reported, with their position and what to do.</summary>
public sealed class MistakeSpecs : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_mistakes_are_reported_at_once_in_the_order_of_the_file()
    {
        var mistakes = _folder.Mistakes(
            """
            {
              "wacher": {},
              "services": {
                "web": { "comand": "x", "port": 0 },
                "api": { "command": "x", "stop": { "grace": "5" } }
              }
            }
            """);

        mistakes.Select(m => m.ToString()).Should().SatisfyRespectively(
            m => m.Should().StartWith("supervisor.json:2:3: wacher: ").And.EndWith("did you mean \"watcher\"?"),
            m => m.Should().StartWith("supervisor.json:4:5: services.web: ").And.Contain("command"),
            m => m.Should().StartWith("supervisor.json:4:14: services.web.comand: ").And.EndWith("did you mean \"command\"?"),
            m => m.Should().StartWith("supervisor.json:4:37: services.web.port: ").And.Contain("65535"),
            m => m.Should().StartWith("supervisor.json:5:49: services.api.stop.grace: ").And.Contain("\"5s\""));
    }

    [Fact]
    public void Columns_count_characters_not_bytes() =>
        _folder.Mistakes("""{ "services": { "web": { "command": ["ä", "€", 1] } } }""").Should().ContainSingle()
            .Which.Should().Match<Supervisor.Configuration.Mistake>(m => m.Line == 1 && m.Column == 48 && m.Path == "services.web.command[2]");

    [Theory]
    [InlineData("\"port\": \"8000\"", "services.web.port: \"8000\" must be a number, but is a text")]
    [InlineData("\"port\": 65536", "services.web.port: 65536 must be a whole number from 1 to 65535")]
    [InlineData("\"port\": 80.5", "services.web.port: 80.5 must be a whole number from 1 to 65535")]
    [InlineData("\"port\": null", "services.web.port: null must be a number")]
    [InlineData("\"autostart\": \"yes\"", "services.web.autostart: \"yes\" must be true or false, but is a text")]
    [InlineData("\"env\": { \"PORT\": 8000 }", "services.web.env.PORT: 8000 must be a text, but is a number; put it in quotes")]
    [InlineData("\"env\": { \"A=B\": \"\" }", "services.web.env[\"A=B\"]: is not a name of an environment variable*")]
    [InlineData("\"env\": { \"A\": \"x\\u0000\" }", "services.web.env.A: \"x\\u0000\" must not contain a NUL character")]
    [InlineData("\"cwd\": \"supervisor.json\"", "services.web.cwd: \"supervisor.json\" must be a folder, but *supervisor.json is a file")]
    [InlineData("\"envFile\": {}", "services.web.envFile: has no \"path\"*")]
    [InlineData("\"envFile\": { \"path\": \".env\", \"required\": 0 }", "services.web.envFile.required: 0 must be true or false, but is a number")]
    [InlineData("\"envFile\": \"?\"", "services.web.envFile: \"\" must not be empty*")]
    [InlineData("\"envFile\": \".\"", "services.web.envFile: \".\" must be a file, but * is a folder")]
    [InlineData("\"ready\": {}", "services.web.ready: must name at least one of http, tcp, log, exec, notify, but names none")]
    [InlineData("\"ready\": { \"tcp\": 1, \"http\": \"a\" }", "services.web.ready.http: \"a\" must be a URL*")]
    [InlineData("\"ready\": { \"notify\": \"yes\" }", "services.web.ready.notify: \"yes\" must be true or false*")]
    [InlineData("\"ready\": { \"http\": \"localhost:8000\" }", "services.web.ready.http: \"localhost:8000\" must be a URL*")]
    [InlineData("\"ready\": { \"tcp\": \"host\" }", "services.web.ready.tcp: \"host\" must be \"host:port\"*")]
    [InlineData("\"ready\": { \"log\": \"(\" }", "services.web.ready.log: \"(\" is not a regular expression: *")]
    [InlineData("\"ready\": { \"exec\": [] }", "services.web.ready.exec: [] must name a program")]
    [InlineData("\"ready\": { \"tcp\": 1, \"timeout\": \"2h\" }", "services.web.ready.timeout: \"2h\" must be between 10ms and 1h")]
    [InlineData("\"ready\": { \"http\": \"http://a/\", \"status\": \"2xx\" }", "services.web.ready.status: \"2xx\" must be statuses from 100 to 599, such as \"200-399,401\"")]
    [InlineData("\"ready\": { \"http\": \"http://a/\", \"status\": \"399-200\" }", "services.web.ready.status: \"399-200\" must be statuses*")]
    [InlineData("\"ready\": { \"tcp\": 1, \"status\": 200 }", "services.web.ready.status: needs \"http\"")]
    [InlineData("\"health\": { \"tcp\": 1, \"headers\": {} }", "services.web.health.headers: needs \"http\"")]
    [InlineData("\"ready\": { \"http\": \"https://a/\", \"status\": 401 }", "services.web.ready.status: has no effect with https*")]
    [InlineData("\"ready\": { \"http\": \"http://a/\", \"headers\": [] }", "services.web.ready.headers: [] must be an object such as*")]
    [InlineData("\"ready\": { \"http\": \"http://a/\", \"headers\": { \"a b\": \"\" } }", "services.web.ready.headers[\"a b\"]: is not a name of a header")]
    [InlineData("\"ready\": { \"http\": \"http://a/\", \"headers\": { \"A\": \"b\\r\\nC: d\" } }", "services.web.ready.headers.A: * must not contain line ends*")]
    [InlineData("\"ready\": { \"http\": \"http://a/\", \"headers\": { \"content-length\": \"1\" } }", "services.web.ready.headers*content-length*: is no header of a probe*")]
    [InlineData("\"ready\": { \"log\": \"up\", \"successes\": 2 }", "services.web.ready.successes: has no effect: *")]
    [InlineData("\"ready\": { \"tcp\": 1, \"delay\": \"60s\" }", "services.web.ready.delay: \"60s\" must be less than \"timeout\" (1m)*")]
    [InlineData("\"ready\": { \"tcp\": 1, \"failures\": 2 }", "services.web.ready.failures: is an unknown key*")]
    [InlineData("\"stdin\": \"closed\"", "services.web.stdin: \"closed\" must be \"open\" or \"null\"*")]
    [InlineData("\"build\": {}", "services.web.build: has no \"command\"*")]
    [InlineData("\"build\": { \"command\": \"make\", \"timeout\": 5 }", "services.web.build.timeout: *")]
    [InlineData("\"build\": { \"command\": \"make\", \"outputs\": [] }", "services.web.build.outputs: is an unknown key*")]
    [InlineData("\"tty\": \"yes\"", "services.web.tty: \"yes\" must be true or false, but is a text")]
    [InlineData("\"tty\": true, \"stdin\": \"null\"", "services.web.stdin: cannot be \"null\" beside \"tty\": true, because the terminal is the standard input*")]
    [InlineData("\"validate\": {}", "services.web.validate: has no \"command\"*")]
    [InlineData("\"validate\": { \"command\": \" \" }", "services.web.validate.command: \" \" must name a program")]
    [InlineData("\"stop\": { \"signal\": \"BYE\" }", "services.web.stop.signal: \"BYE\" must be the name of a signal: *TERM*")]
    [InlineData("\"watch\": { \"onChange\": \"signal:KILL\" }", "services.web.watch.onChange: \"signal:KILL\" cannot reload with KILL*")]
    [InlineData("\"watch\": { \"onChange\": \"reload\" }", "services.web.watch.onChange: \"reload\" must be \"restart\", \"none\" or a signal such as \"signal:HUP\"")]
    [InlineData("\"watch\": { \"include\": [\"[a\"] }", "services.web.watch.include[0]: \"[a\" has a \"[\" that is never closed*")]
    [InlineData("\"watch\": { \"ignore\": [\"../x\"] }", "services.web.watch.ignore[0]: \"../x\" must not contain \"..\"*")]
    [InlineData("\"watch\": { \"paths\": [] }", "services.web.watch.paths: [] must name at least one path*")]
    [InlineData("\"limits\": { \"memory\": 128 }", "services.web.limits.memory: 128 must be a text in quotes, but is a number")]
    [InlineData("\"limits\": { \"memory\": \"128\" }", "services.web.limits.memory: \"128\" must be a size such as*")]
    [InlineData("\"limits\": { \"cpu\": \"half\" }", "services.web.limits.cpu: \"half\" must be a share of one core*")]
    [InlineData("\"restart\": { \"policy\": \"on_failure\" }", "services.web.restart.policy: \"on_failure\" must be \"on-failure\" or \"always\" or \"never\"; did you mean \"on-failure\"?")]
    [InlineData("\"restart\": { \"backoff\": { \"initial\": \"2s\", \"max\": \"1s\" } }", "services.web.restart.backoff.max: \"1s\" must not be less than \"initial\" (2s)")]
    [InlineData("\"health\": {}", "services.web.health: must name exactly one of http, tcp, exec, notify, but names none")]
    [InlineData("\"health\": { \"notify\": false }", "services.web.health: must name exactly one of http, tcp, exec, notify, but names none")]
    [InlineData("\"health\": { \"notify\": true, \"tcp\": 1 }", "*exactly one*names tcp and notify")]
    [InlineData("\"health\": { \"tcp\": 1, \"exec\": \"true\" }", "*exactly one*names tcp and exec")]
    [InlineData("\"health\": { \"tcp\": 1, \"log\": \"x\" }", "services.web.health.log: is an unknown key*")]
    [InlineData("\"health\": { \"tcp\": 1, \"interval\": \"1ms\" }", "services.web.health.interval: \"1ms\" must be between 100ms and *")]
    [InlineData("\"health\": { \"tcp\": 1, \"failures\": 0 }", "services.web.health.failures: 0 must be a whole number from 1 to 1000")]
    [InlineData("\"health\": { \"tcp\": 1, \"onFailure\": \"reload\" }", "services.web.health.onFailure: \"reload\" must be \"tell\" or \"restart\"*")]
    [InlineData("\"health\": { \"tcp\": 1, \"onFailure\": \"restart\" }, \"restart\": { \"policy\": \"never\" }", "services.web.health.onFailure: *rules that out*")]
    [InlineData("\"dependsOn\": { \"web\": \"ready\" }", "services.web.dependsOn.web: names the service itself")]
    [InlineData("\"dependsOn\": { \"wep\": \"ready\" }", "services.web.dependsOn.wep: names no service of this file; did you mean \"web\"?")]
    [InlineData("\"dependsOn\": [\"web\"]", "services.web.dependsOn[0]: names the service itself")]
    [InlineData("\"dependsOn\": \"wep\"", "services.web.dependsOn: names no service of this file; did you mean \"web\"?")]
    [InlineData("\"dependsOn\": [5]", "services.web.dependsOn[0]: 5 must be a text in quotes, but is a number")]
    [InlineData("\"dependsOn\": 5", "services.web.dependsOn: 5 must be a list of names such as [\"db\"], or an object such as {\"db\": \"ready\"}, but is a number")]
    [InlineData("\"restartWith\": [\"web\"]", "services.web.restartWith[0]: names the service itself")]
    [InlineData("\"restartWith\": \"wep\"", "services.web.restartWith: names no service of this file; did you mean \"web\"?")]
    [InlineData("\"restartWith\": { \"db\": true }", "services.web.restartWith: * must be a text or a list of texts, but is an object")]
    [InlineData("\"logs\": { \"rotateAt\": \"1KB\" }", "services.web.logs.rotateAt: \"1KB\" must be at least 100KB")]
    [InlineData("\"logs\": { \"files\": 1 }", "services.web.logs.files: 1 must be a whole number from 2 to 100")]
    [InlineData("\"kind\": \"job\"", "services.web.kind: \"job\" must be \"server\" or \"task\"*")]
    [InlineData("\"kind\": \"task\", \"ready\": { \"tcp\": 1 }", "services.web.ready: is for servers, and \"kind\" is \"task\"*")]
    [InlineData("\"kind\": \"task\", \"health\": { \"tcp\": 1 }", "services.web.health: is for servers, and \"kind\" is \"task\"*")]
    [InlineData("\"kind\": \"task\", \"restart\": { \"policy\": \"always\" }", "services.web.restart: has the policy \"always\", and \"kind\" is \"task\"*")]
    [InlineData("\"autostart\": {}", "services.web.autostart: {} must be true or false, but is an object")]
    [InlineData("\"autostart\": 1e3", "services.web.autostart: 1e3 must be true or false, but is a number")]
    [InlineData("\"cwd\": false", "services.web.cwd: false must be a text in quotes")]
    [InlineData("\"cwd\": { \"a\": [1, \"b\", null] }", "services.web.cwd: {\"a\": [1, \"b\", null]} must be a text in quotes, but is an object")]
    [InlineData("\"stop\": 5", "services.web.stop: 5 must be an object, but is a number")]
    [InlineData("\"port\": 1, \"port\": 2", "services.web.port: is given twice; the first one is in line 1")]
    public void One_mistake_gives_one_message_that_says_what_to_do(string key, string message)
    {
        var messages = _folder.MessagesAbout(key).ToArray();

        messages.Should().ContainSingle().Which.Should().Match(message);
    }

    [Fact]
    public void A_long_value_is_cut_and_stays_on_one_line() =>
        _folder.MessagesAbout($"\"port\": \"one\\ntwo{new string('x', 500)}\"").Should().ContainSingle()
            .Which.Should().StartWith("services.web.port: \"one\\u000atwoxxx").And.Contain("x…\" must be a number").And.Match(m => m.Length < 150);

    [Theory]
    [InlineData("watcher", "services.watcher: is reserved*")]
    [InlineData("-web", "services.-web: is not a valid service name*")]
    [InlineData("a b", "services[\"a b\"]: is not a valid service name*")]
    [InlineData("", "services[\"\"]: is not a valid service name*")]
    public void An_invalid_or_reserved_service_name_is_refused(string name, string message) =>
        _folder.Mistakes($$"""{ "services": { "{{name}}": { "command": "x" } } }""")
            .Should().ContainSingle().Which.Should().Match<Supervisor.Configuration.Mistake>(m => Wildcard(message, $"{m.Path}: {m.Message}"));

    [Fact]
    public void A_cycle_of_dependencies_is_reported_once_and_in_full() =>
        _folder.Mistakes(
            """
            { "services": { "a": { "command": "x", "dependsOn": { "b": "ready" } }, "b": { "command": "x", "dependsOn": { "c": "started" } },
                            "c": { "command": "x", "dependsOn": { "a": "ready" } }, "d": { "command": "x", "dependsOn": { "a": "ready" } } } }
            """)
            .Should().ContainSingle().Which.Message.Should().EndWith("a → b → c → a");

    [Fact]
    public void Two_services_cannot_have_the_same_port() =>
        _folder.Mistakes("""{ "services": { "a": { "command": "x", "port": 8000 }, "b": { "command": "x", "port": 8000 } } }""")
            .Should().ContainSingle().Which.Should().Match<Supervisor.Configuration.Mistake>(
                m => m.Path == "services.b.port" && m.Message.StartsWith("8000 is already the port of a"));

    [Fact]
    public void An_unknown_backend_is_reported_with_the_known_ones() =>
        _folder.Mistakes("""{ "watcher": { "backend": "fanotify" }, "services": { "a": { "command": "x" } } }""")
            .Should().ContainSingle().Which.Message.Should().Contain("watchman");

    [Theory]
    [InlineData("", "is empty*")]
    [InlineData(" \r\n\t", "is empty*")]
    [InlineData("[]", "[] must be an object, but is a list")]
    [InlineData("{}", "has no \"services\"*")]
    [InlineData("""{ "services": {} }""", "is empty*")]
    [InlineData("""{ "services": { "a": { "command": "x" } } } tail""", "is not JSON*")]
    [InlineData("""{ "services": """, "is not JSON*")]
    [InlineData("{ \"services\": { \"a\": { \"command\": \"x\0\" } } }", "holds a NUL character")]
    public void Text_that_is_not_a_configuration_is_one_mistake(string text, string message) =>
        _folder.Mistakes(text).Should().ContainSingle().Which.Message.Should().Match(message);

    [Fact]
    public void Nesting_without_end_is_a_mistake_not_a_crash() =>
        _folder.Mistakes(string.Concat(Enumerable.Repeat("[", 100_000))).Should().ContainSingle().Which.Message.Should().StartWith("is not JSON");

    [Fact]
    public void A_byte_order_mark_windows_lines_comments_and_trailing_commas_are_fine()
    {
        var text = "{\r\n // why\r\n \"services\": { \"a\": { \"command\": \"x\", }, /* and */ },\r\n}\r\n";

        _folder.Mistakes([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)]).Should().BeEmpty();
    }

    [Fact]
    public void Invalid_utf8_is_reported_with_its_position() =>
        _folder.Mistakes([.. "{\n  \"a"u8, 0xC3, 0x28]).Should().ContainSingle()
            .Which.Should().Match<Supervisor.Configuration.Mistake>(m => m.Line == 2 && m.Column == 5 && m.Message.StartsWith("is not UTF-8"));

    [Fact]
    public void Utf16_is_recognised() =>
        _folder.Mistakes(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{}")).ToArray())
            .Should().ContainSingle().Which.Message.Should().Be("is UTF-16; save it as UTF-8");

    [Fact]
    public void A_file_of_ten_megabytes_is_not_read() =>
        _folder.Mistakes(new byte[10 << 20]).Should().ContainSingle().Which.Message.Should().Contain("1 MiB");

    [Fact]
    public void A_missing_file_and_a_folder_have_their_own_messages()
    {
        _folder.Mistakes().Should().ContainSingle().Which.Message.Should().StartWith("does not exist");

        Directory.CreateDirectory(_folder.File);
        _folder.Mistakes().Should().ContainSingle().Which.Message.Should().Contain("folder");
    }

    private static bool Wildcard(string pattern, string text) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);
}
