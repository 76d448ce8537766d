using Supervisor.Configuration;

namespace Supervisor.Unit.Configuration;

/// <summary>Entries that stand for several services, and names that stand for several services.</summary>
public sealed class InstanceSpecs : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_entry_with_instances_is_that_many_services_with_ports_in_a_row()
    {
        var tree = _folder.Read(
            """
            { "services": {
                "web": {
                  "command": ["run", "${INSTANCE}", "$PORT"], "instances": 2, "port": 8000, "env": { "NAME": "web $INSTANCE" },
                  "ready": { "http": "http://127.0.0.1:8000/", "tcp": "db.test:8000" }, "health": { "tcp": 8000 } },
                "late": { "command": ["run"], "dependsOn": { "web": "ready" } } } }
            """);

        tree.Services.Select(service => service.Name).Should().Equal("web-1", "web-2", "late");
        var (first, second) = (tree.Services[0], tree.Services[1]);
        first.Command.Should().Equal("run", "1", "8000");
        second.Command.Should().Equal("run", "2", "8001");
        second.Port.Should().Be(8001);
        second.Environment.Should().Contain("INSTANCE", "2").And.Contain("NAME", "web 2");
        second.Ready!.Each().OfType<ReadySpec.Http>().Single().Url.Port.Should().Be(8001);
        second.Ready!.Each().OfType<ReadySpec.Tcp>().Single().Port.Should().Be(8000, "that is another machine");
        second.Health!.Probe.Should().BeOfType<ReadySpec.Tcp>().Which.Port.Should().Be(8001);
        first.Ready!.Each().OfType<ReadySpec.Http>().Single().Url.Port.Should().Be(8000);
        tree.Services[2].DependsOn.Keys.Should().Equal("web-1", "web-2");
        tree.Groups.Should().ContainSingle().Which.Should().BeEquivalentTo(KeyValuePair.Create("web", new[] { "web-1", "web-2" }));
    }

    [Fact]
    public void A_port_that_says_the_instance_itself_is_taken_as_it_is() =>
        _folder.Read("""{ "services": { "web": { "command": ["run"], "instances": 2, "port": "80${INSTANCE}0" } } }""")
            .Services.Select(service => service.Port).Should().Equal(8010, 8020);

    [Fact]
    public void The_number_of_instances_may_come_out_of_a_variable() =>
        _folder.Read("""{ "env": { "N": "3" }, "services": { "web": { "command": ["run"], "instances": "${N}" } } }""").Services.Should().HaveCount(3);

    [Fact]
    public void One_instance_is_read_again_by_its_name()
    {
        File.WriteAllText(_folder.At("web.env"), "A=1");
        var tree = _folder.Read("""{ "services": { "web": { "command": ["run", "$A-$INSTANCE"], "instances": 2, "envFile": "web.env" } } }""");

        ConfigurationFile.ReadService(tree.SourceFor(tree.Services[1])!, "web-2", new Dictionary<string, string>(StringComparer.Ordinal))
            .Should().BeOfType<ServiceReadResult.Valid>().Which.Spec.Command.Should().Equal("run", "1-2");
    }

    [Theory]
    [InlineData("\"instances\": 0", "services.web.instances: 0 must be a whole number from 1 to 100")]
    [InlineData("\"instances\": 101", "services.web.instances: 101 must be a whole number from 1 to 100")]
    [InlineData("\"instances\": \"many\"", "services.web.instances: \"many\" must be a number, but is a text")]
    [InlineData("\"instances\": 2, \"cwd\": \"$NOWHERE\"", "services.web.cwd: \"$NOWHERE\" uses $NOWHERE, which is not set; set it, write $$NOWHERE for a literal $NOWHERE, or give a default: ${NOWHERE:-…}")]
    public void A_mistake_in_an_entry_with_instances_is_told_once(string more, string mistake) => _folder.MessagesAbout(more).Should().Equal(mistake);

    [Theory]
    [InlineData("\"instances\": 2", "\"web-2\": { \"command\": \"x\" }", "services.web.instances: makes a service called web-2, and there is one of that name; rename one of them")]
    [InlineData("\"instances\": 2", "\"late\": { \"command\": \"x\", \"dependsOn\": { \"web-2\": \"ready\" } }", "services.late.dependsOn.web-2: names one instance; name all of them: \"web\"")]
    [InlineData("\"instances\": 2, \"dependsOn\": { \"web\": \"ready\" }", "\"late\": { \"command\": \"x\" }", "services.web.dependsOn.web: names the service itself")]
    [InlineData("\"instances\": 2, \"port\": 8000", "\"late\": { \"command\": \"x\", \"port\": 8001 }", "services.late.port: 8001 is already the port of web-2; two servers cannot share one")]
    public void What_instances_and_other_services_must_not_do_to_each_other_is_a_mistake(string web, string other, string mistake) =>
        Messages($$"""{ "services": { "web": { "command": ["run"], {{web}} }, {{other}} } }""").Should().Equal(mistake);

    [Fact]
    public void A_group_has_its_services_in_order_and_an_entry_with_instances_counts_as_all_of_them() =>
        _folder.Read(
            """
            { "groups": { "all": ["worker", "db"], "one": "worker-2" },
              "services": { "db": { "command": ["run"] }, "worker": { "command": ["run"], "instances": 2 } } }
            """)
            .Groups.Should().BeEquivalentTo(new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["all"] = ["worker-1", "worker-2", "db"], ["one"] = ["worker-2"], ["worker"] = ["worker-1", "worker-2"],
            });

    [Theory]
    [InlineData("\"web\": [\"db\"]", "groups.web: is the name of a service, too; give the group another name")]
    [InlineData("\"watcher\": [\"db\"]", "groups.watcher: is reserved: \"supervisor restart watcher\" restarts the watcher; choose another name")]
    [InlineData("\"a b\": [\"db\"]", "groups[\"a b\"]: is not a valid name of a group: use 1 to 64 letters, digits, '.', '_', '-', beginning with a letter or digit")]
    [InlineData("\"g\": []", "groups.g: [] is empty: name the services of the group")]
    [InlineData("\"g\": [\"dbb\"]", "groups.g[0]: \"dbb\" names no service of this file; did you mean \"db\"?")]
    [InlineData("\"g\": [\"h\"], \"h\": [\"db\"]", "groups.g[0]: \"h\" is a group: name its services")]
    [InlineData("\"g\": 1", "groups.g: 1 must be the name of a service, or a list of names, but is a number")]
    public void A_mistake_in_a_group_is_told(string groups, string mistake) =>
        Messages($$"""{ "groups": { {{groups}} }, "services": { "web": { "command": ["run"] }, "db": { "command": ["run"] } } }""").Should().Equal(mistake);

    [Fact]
    public void A_changed_group_is_a_change_of_the_configuration()
    {
        var before = _folder.Read("""{ "groups": { "g": ["web"] }, "services": { "web": { "command": ["run"] }, "db": { "command": ["run"] } } }""");
        var after = _folder.Read("""{ "groups": { "g": ["db"] }, "services": { "web": { "command": ["run"] }, "db": { "command": ["run"] } } }""");

        PlanDifference.Between(before, after).Settings.Should().Equal("groups");
        PlanDifference.Between(before, before).IsEmpty.Should().BeTrue();
    }

    [Fact]
    public void A_stop_command_has_a_longer_grace_period_unless_the_file_says_another()
    {
        _folder.Service("\"stop\": { \"command\": [\"docker\", \"compose\", \"down\"] }").Stop.Should().BeEquivalentTo(
            new StopSpec(15, TimeSpan.FromSeconds(30), ["docker", "compose", "down"]));
        _folder.Service("\"stop\": { \"command\": \"kill $SUPERVISOR_PID\", \"grace\": \"1s\" }").Stop.Grace.Should().Be(TimeSpan.FromSeconds(1));
        _folder.MessagesAbout("\"stop\": { \"command\": [\"kill\", \"$SUPERVISOR_PID\"] }").Should().ContainSingle().Which.Should().Be(
            "services.web.stop.command[1]: \"$SUPERVISOR_PID\" uses $SUPERVISOR_PID, which is known only at the stop; write the command as one text: the shell expands $SUPERVISOR_PID");
    }

    private IEnumerable<string> Messages(string json) => _folder.Mistakes(json).Select(mistake => $"{mistake.Path}: {mistake.Message}");
}
