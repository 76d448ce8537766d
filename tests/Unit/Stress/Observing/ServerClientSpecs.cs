using System.Net;
using System.Net.Sockets;
using System.Text;
using Supervisor.Stress.Observing;
using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;
using Supervisor.Tree.Harness;

namespace Supervisor.Unit.Stress;

public sealed class ServerClientSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly InMemoryRecord _record = new();

    [Fact]
    public async Task Without_a_listener_the_connection_is_refused()
    {
        using var client = new ServerClient(_record, Patience);

        var answer = await client.GetAsync(AddressOf(TestTree.FreePort()), CancellationToken.None);

        answer.Error.Should().Be("connection refused");
        answer.Body.Should().BeNull();
        answer.SentAt.Should().BeLessThanOrEqualTo(answer.At);
    }

    [Fact]
    public async Task A_server_that_hangs_times_out()
    {
        using var listener = Listen();
        using var client = new ServerClient(_record, TimeSpan.FromMilliseconds(100));

        var answer = await client.GetAsync(AddressOf(listener), CancellationToken.None);

        answer.Error.Should().Be("timed out");
        answer.Took.Should().BeGreaterThan(TimeSpan.FromMilliseconds(90));
    }

    [Theory]
    [InlineData("", true, "connection reset")]
    [InlineData("", false, "closed without an answer")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", false, "closed without an answer")]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", false, "answered 503")]
    public async Task A_server_that_dies_while_it_answers_gives_a_readable_error(string answered, bool resets, string error)
    {
        using var listener = Listen();
        using var client = new ServerClient(_record, Patience);
        var asking = client.GetAsync(AddressOf(listener), CancellationToken.None);
        using (var accepted = await listener.AcceptSocketAsync())
        {
            await accepted.ReceiveAsync(new byte[4096]);
            await accepted.SendAsync(Encoding.ASCII.GetBytes(answered));

            // With a linger time of 0, close sends a reset.
            if (resets)
                accepted.LingerState = new LingerOption(enable: true, seconds: 0);
            else
                accepted.Shutdown(SocketShutdown.Send);
        }

        (await asking).Error.Should().Be(error);
    }

    [Fact]
    public async Task Answered_requests_are_counted_and_failed_ones_recorded()
    {
        await using var site = new ContentServer("web");
        var gone = site.Service with { Name = "gone", Port = TestTree.FreePort() };
        var project = new ProjectTree("/nowhere", [site.Service, gone]);
        using var stopping = new CancellationTokenSource();
        var running = new RequestObserver(_record, project).RunAsync(stopping.Token);

        await Wait.UntilAsync(
            () => _record.Events.OfType<RequestsMade>().Select(made => made.Service).Distinct(StringComparer.Ordinal).Count() == 2, "both were counted");
        await stopping.CancelAsync();
        await running;

        var counts = _record.Events.OfType<RequestsMade>().ToLookup(made => made.Service, StringComparer.Ordinal);
        counts["web"].Should().AllSatisfy(made => made.Failed.Should().Be(0));
        counts["web"].First().Made.Should().BeInRange(2, 6);
        counts["gone"].Should().AllSatisfy(made => made.Failed.Should().Be(made.Made));
        counts["gone"].Sum(made => made.Made).Should().Be(_record.Events.OfType<RequestFailed>().Count());
        _record.Events.OfType<RequestFailed>().Should().AllSatisfy(failed => (failed.Service, failed.Error).Should().Be(("gone", "connection refused")));
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static Uri AddressOf(TcpListener listener) => AddressOf(((IPEndPoint)listener.LocalEndpoint).Port);

    private static Uri AddressOf(int port) => new($"http://127.0.0.1:{port}/");
}
