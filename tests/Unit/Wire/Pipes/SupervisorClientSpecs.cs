using System.Net.Sockets;

namespace Supervisor.Unit.Wire.Pipes;

public sealed class SupervisorClientSpecs
{
    [Fact]
    public async Task A_call_that_can_no_longer_be_written_says_that_the_link_has_ended()
    {
        using var directory = new TemporaryDirectory();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(directory.File("control")));
        listener.Listen();
        await using var client = await SupervisorClient.ConnectToPipeAsync(directory.File("control"), TimeProvider.System, CancellationToken.None);
        using var parent = await listener.AcceptAsync();

        // As seen from here, between the death of a process and the end of its last socket: writing fails, reading has not ended yet.
        parent.Shutdown(SocketShutdown.Receive);

        // Several at once: a later one may find the broken pipe before the library has noticed what became of the first.
        foreach (var call in Enumerable.Range(0, 100).Select(_ => Task.Run(() => client.CallAsync((control, token) => control.StatusAsync(token), CancellationToken.None))).ToList())
            await call.Awaiting(made => made.WithTimeout()).Should().ThrowAsync<LinkEndedException>();
    }
}
