using Supervisor.Cli.Running;

namespace Supervisor.Unit.Cli.Running;

/// <summary>A command without a configuration, as a service.</summary>
public sealed class RunSettingsSpecs
{
    [Theory]
    [InlineData("/", "{\"command\":[\"run\"],\"cwd\":\"/\",\"watch\":{\"paths\":[\"/etc/x\"]}}")]
    [InlineData("/home/a/$b", "{\"command\":[\"run\"],\"cwd\":\"/home/a/$$b\",\"watch\":{\"paths\":[\"/etc/x\"]}}")]
    public void Its_own_configuration_has_absolute_paths_in_every_folder(string folder, string members) =>
        Settings(folder, "/etc/x").Members(folder: null).ToJsonString().Should().Be(members);

    [Theory]
    [InlineData("/home/a", "/home/a", "{\"command\":[\"run\"],\"watch\":{\"paths\":[\"src\"]}}")]
    [InlineData("/home/a/site", "/home/a", "{\"command\":[\"run\"],\"cwd\":\"site\",\"watch\":{\"paths\":[\"src\"]}}")]
    public void In_that_of_a_project_paths_are_relative_to_it(string folder, string project, string members) =>
        Settings(folder, "/home/a/src").Members(project).ToJsonString().Should().Be(members);

    [Theory]
    [InlineData("node", "node", "server.js")]
    [InlineData("python3", "/usr/bin/python3", "app.py")]
    [InlineData("npm", "npm run dev && true")]
    [InlineData("watcher-1", "watcher")]
    public void Its_name_is_that_of_the_program(string name, params string[] command) => (Settings("/", "/x") with { Command = command }).Name.Should().Be(name);

    private static RunSettings Settings(string folder, string watched) => new(["run"], folder, [watched], [], [], null, null, null);
}
