using System.Runtime.Versioning;
using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

[SupportedOSPlatform("linux")]
public sealed class SpawnFailureSpecs : Staged
{
    [Fact]
    public async Task A_program_that_is_not_in_the_path_is_not_found() =>
        await FailsAsync(stage => stage.Program("no-such-program"), SpawnFailure.NotFound, "no-such-program");

    [Fact]
    public async Task The_path_of_the_child_is_searched_not_ours() =>
        await FailsAsync(
            stage => stage.Program("ls") with { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/nowhere" } },
            SpawnFailure.NotFound, "/nowhere");

    [Fact]
    public async Task A_file_without_permission_to_execute_is_not_executable() =>
        await FailsAsync(stage => stage.Program(Write(stage, "script", "#!/bin/sh\n", UnixFileMode.UserRead)), SpawnFailure.NotExecutable, "script");

    [Fact]
    public async Task A_directory_is_not_executable() =>
        await FailsAsync(stage => stage.Program("/tmp"), SpawnFailure.NotExecutable, "/tmp is a directory");

    [Fact]
    public async Task A_script_whose_interpreter_is_missing_says_so() =>
        await FailsAsync(stage => stage.Program(Write(stage, "script", "#!/no/such/interpreter -x\n")), SpawnFailure.NotFound, "/no/such/interpreter");

    [Fact]
    public async Task A_script_with_windows_line_endings_says_so() =>
        await FailsAsync(stage => stage.Program(Write(stage, "script", "#!/bin/sh\r\necho\r\n")), SpawnFailure.NotFound, "Windows line endings");

    [Fact]
    public async Task A_file_that_is_no_program_is_not_executable() =>
        await FailsAsync(stage => stage.Program(Write(stage, "noise", "\u0001\u0002 no program\n")), SpawnFailure.NotExecutable, "noise");

    [Fact]
    public async Task A_missing_working_directory_is_named() =>
        await FailsAsync(
            stage => stage.Program("ls") with { WorkingDirectory = "/no/such/folder" }, SpawnFailure.BadWorkingDirectory, "/no/such/folder");

    [Fact]
    public async Task Arguments_beyond_every_limit_are_another_failure() =>
        await FailsAsync(stage => stage.Program("ls", new string('x', 4 << 20)), SpawnFailure.Other, "ls");

    [Fact]
    public async Task A_program_that_is_still_being_written_is_a_passing_failure()
    {
        var path = Path.Combine(Here.Folder, "busy");
        File.Copy("/bin/true", path);
        using var writer = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);

        var spawn = () => Here.Spawn(Here.Program(path));

        spawn.Should().Throw<SpawnException>().Which.Kind.Should().Be(SpawnFailure.Transient);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(24)]
    [InlineData(26)]
    public void A_machine_short_of_something_is_a_passing_failure(int errno) =>
        SpawnErrors.IsTransient(errno).Should().BeTrue();

    [Fact]
    public async Task Two_descriptors_for_one_number_are_refused()
    {
        var spawn = () => Here.Spawn(Here.Program("true") with { Inherit = [new InheritedDescriptor(0, 3), new InheritedDescriptor(1, 3)] });

        spawn.Should().Throw<ArgumentException>();
    }

    private async Task FailsAsync(Func<Stage, SpawnRequest> request, SpawnFailure kind, string named)
    {
        var asked = request(Here);

        var spawn = () => Here.Spawn(asked);

        var failure = spawn.Should().Throw<SpawnException>().Which;
        failure.Kind.Should().Be(kind);
        failure.Message.Should().Contain(named);
    }

    private static string Write(Stage stage, string name, string content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserExecute)
    {
        var path = Path.Combine(stage.Folder, name);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
