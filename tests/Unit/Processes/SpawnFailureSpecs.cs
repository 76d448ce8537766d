using System.Runtime.Versioning;
using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

[SupportedOSPlatform("linux")]
public sealed class SpawnFailureSpecs : ProcessSpecs
{
    [Fact]
    public async Task A_program_that_is_not_in_the_path_is_not_found() =>
        await FailsAsync(fixture => fixture.Program("no-such-program"), SpawnFailure.NotFound, "no-such-program");

    [Fact]
    public async Task The_childs_PATH_is_searched_and_not_ours() =>
        await FailsAsync(
            fixture => fixture.Program("ls") with { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/nowhere" } },
            SpawnFailure.NotFound, "/nowhere");

    [Fact]
    public async Task A_file_without_permission_to_execute_is_not_executable() =>
        await FailsAsync(fixture => fixture.Program(Write(fixture, "script", "#!/bin/sh\n", UnixFileMode.UserRead)), SpawnFailure.NotExecutable, "script");

    [Fact]
    public async Task A_directory_is_not_executable() =>
        await FailsAsync(fixture => fixture.Program("/tmp"), SpawnFailure.NotExecutable, "/tmp is a directory");

    [Fact]
    public async Task The_error_names_the_missing_interpreter_of_a_script() =>
        await FailsAsync(fixture => fixture.Program(Write(fixture, "script", "#!/no/such/interpreter -x\n")), SpawnFailure.NotFound, "/no/such/interpreter");

    [Fact]
    public async Task The_error_names_windows_line_endings_of_a_script() =>
        await FailsAsync(fixture => fixture.Program(Write(fixture, "script", "#!/bin/sh\r\necho\r\n")), SpawnFailure.NotFound, "Windows line endings");

    [Fact]
    public async Task A_file_that_is_no_program_is_not_executable() =>
        await FailsAsync(fixture => fixture.Program(Write(fixture, "noise", "\u0001\u0002 no program\n")), SpawnFailure.NotExecutable, "noise");

    [Fact]
    public async Task The_error_names_a_missing_working_directory() =>
        await FailsAsync(
            fixture => fixture.Program("ls") with { WorkingDirectory = "/no/such/folder" }, SpawnFailure.BadWorkingDirectory, "/no/such/folder");

    [Fact]
    public async Task Arguments_that_are_too_long_are_another_failure() =>
        await FailsAsync(fixture => fixture.Program("ls", new string('x', 4 << 20)), SpawnFailure.Other, "ls");

    [Fact]
    public async Task A_program_that_is_being_written_is_a_transient_failure()
    {
        var path = Path.Combine(Fixture.Folder, "busy");
        File.Copy("/bin/true", path);
        using var writer = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);

        var spawn = () => Fixture.Spawn(Fixture.Program(path));

        spawn.Should().Throw<SpawnException>().Which.Kind.Should().Be(SpawnFailure.Transient);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(24)]
    [InlineData(26)]
    public void A_lack_of_resources_is_a_transient_failure(int errno) =>
        SpawnErrors.IsTransient(errno).Should().BeTrue();

    [Fact]
    public async Task Two_descriptors_with_one_target_are_refused()
    {
        var spawn = () => Fixture.Spawn(Fixture.Program("true") with { Inherit = [new InheritedDescriptor(0, 3), new InheritedDescriptor(1, 3)] });

        spawn.Should().Throw<ArgumentException>();
    }

    private async Task FailsAsync(Func<ProcessFixture, SpawnRequest> request, SpawnFailure kind, string named)
    {
        var asked = request(Fixture);

        var spawn = () => Fixture.Spawn(asked);

        var failure = spawn.Should().Throw<SpawnException>().Which;
        failure.Kind.Should().Be(kind);
        failure.Message.Should().Contain(named);
    }

    private static string Write(ProcessFixture fixture, string name, string content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserExecute)
    {
        var path = Path.Combine(fixture.Folder, name);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
