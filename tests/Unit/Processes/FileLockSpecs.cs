using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

public sealed class FileLockSpecs : ProcessSpecs
{
    [Fact]
    public async Task A_lock_has_one_holder_whose_pid_is_in_the_file()
    {
        var path = Path.Combine(Fixture.Folder, "lock");

        using (FileLock.TryAcquire(path).Should().NotBeNull().And.Subject as FileLock)
        {
            FileLock.TryAcquire(path).Should().BeNull();
            FileLock.HolderPid(path).Should().Be(Environment.ProcessId);
        }

        using var next = FileLock.TryAcquire(path);
        next.Should().NotBeNull();
    }

    [Fact]
    public async Task A_child_does_not_keep_the_lock()
    {
        var path = Path.Combine(Fixture.Folder, "lock");
        var first = FileLock.TryAcquire(path)!;
        var child = Fixture.Spawn(Fixture.Program("sleep", "600"));
        first.Dispose();

        using var next = FileLock.TryAcquire(path);
        next.Should().NotBeNull();

        child.TrySignal(Signals.Kill);
        await child.Exited;
    }

    [Fact]
    public async Task A_symbolic_link_is_not_followed()
    {
        var path = Path.Combine(Fixture.Folder, "lock");
        File.CreateSymbolicLink(path, Path.Combine(Fixture.Folder, "elsewhere"));

        var acquire = () => FileLock.TryAcquire(path);

        acquire.Should().Throw<Exception>().WithMessage($"*{path}*");
    }
}
