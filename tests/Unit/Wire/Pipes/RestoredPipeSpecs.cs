using System.Runtime.Versioning;
using Supervisor.Wire.Pipes;

namespace Supervisor.Unit.Wire.Pipes;

/// <summary>A pipe whose name somebody has removed.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class RestoredPipeSpecs : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryDirectory _directory = new();
    private readonly CancellationTokenSource _stopping = new();

    private string Folder => _directory.File("a/b");

    private string Socket => Path.Combine(Folder, "s.sock");

    public void Dispose()
    {
        _stopping.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task It_is_bound_anew_in_private_folders_and_earlier_connections_stay()
    {
        using var listener = Bind();
        var running = listener.RunAsync((stream, _, stopping) => stream.CopyToAsync(stream, stopping), _stopping.Token);
        await using var before = await ConnectAsync();
        await EchoesAsync(before);
        Directory.Delete(_directory.File("a"), recursive: true);

        listener.Restore().Should().BeTrue();

        await using var after = await ConnectAsync();
        await EchoesAsync(before);
        await EchoesAsync(after);
        File.GetUnixFileMode(Folder).Should().Be(Private);
        File.GetUnixFileMode(_directory.File("a")).Should().Be(Private, "folders on the way are made too");

        await _stopping.CancelAsync();
        await running.WithTimeout();
    }

    [Fact]
    public void What_is_in_place_or_was_unlinked_by_its_owner_or_has_a_successor_is_left_alone()
    {
        using var listener = Bind();
        listener.Restore().Should().BeFalse("it is in place");

        File.Delete(Socket);
        File.WriteAllText(Socket, "another's");
        listener.Restore().Should().BeFalse("something else is there");
        File.Delete(Socket);

        listener.Unlink();
        listener.Restore().Should().BeFalse("its owner has ended");
        File.Exists(Socket).Should().BeFalse();
    }

    [Fact]
    public async Task Where_it_cannot_be_bound_the_reason_is_told_once_and_it_is_tried_again()
    {
        using var listener = Bind();
        Directory.Delete(_directory.File("a"), recursive: true);
        await File.WriteAllTextAsync(_directory.File("a"), "in the way");
        var reasons = new List<string>();
        var restored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var time = new VirtualTime();
        var running = new NameKeeper(listener, restored.SetResult, reasons.Add, time).RunAsync(_stopping.Token);

        await LookAsync(time);
        await LookAsync(time);
        reasons.Should().ContainSingle().Which.Should().Contain(_directory.File("a"));

        File.Delete(_directory.File("a"));
        await LookAsync(time);
        await restored.Task.WithTimeout();
        File.Exists(Socket).Should().BeTrue();

        await _stopping.CancelAsync();
        await running.WithTimeout();
    }

    [Fact]
    public async Task Files_beside_it_that_could_not_be_written_are_written_at_the_next_look()
    {
        using var listener = Bind();
        Directory.Delete(_directory.File("a"), recursive: true);
        var (calls, reasons) = (0, new List<string>());
        var time = new VirtualTime();
        var running = new NameKeeper(listener, Write, reasons.Add, time).RunAsync(_stopping.Token);

        await LookAsync(time);
        await LookAsync(time);
        await LookAsync(time);

        calls.Should().Be(2);
        reasons.Should().Equal("the disk is full");
        await _stopping.CancelAsync();
        await running.WithTimeout();

        void Write()
        {
            if (++calls == 1)
                throw new IOException("the disk is full");
        }
    }

    /// <summary>Returns once it has looked and waits again.</summary>
    private static async Task LookAsync(VirtualTime time)
    {
        await time.ArmedAsync().WithTimeout();
        time.Advance(NameKeeper.Period);
        await time.ArmedAsync().WithTimeout();
    }

    private PipeListener Bind()
    {
        Directory.CreateDirectory(Folder);
        File.SetUnixFileMode(Folder, Private);
        return PipeListener.Bind(Socket);
    }

    private Task<Stream> ConnectAsync() => PipeClient.ConnectAsync(Socket, TimeSpan.FromSeconds(60), TimeProvider.System, CancellationToken.None);

    private static async Task EchoesAsync(Stream stream)
    {
        await stream.WriteAsync("x"u8.ToArray());
        var received = new byte[1];
        await stream.ReadExactlyAsync(received).AsTask().WithTimeout();
        received.Should().Equal((byte)'x');
    }
}
