using System.Net;
using System.Net.Sockets;
using Supervisor.Processes;

namespace Supervisor.Unit.Host;

public sealed class PortHoldersSpecs
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void The_process_that_listens_on_a_port_is_found(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var holder = PortHolders.Find(port);

        holder.Should().NotBeNull();
        holder!.Pid.Should().Be(Environment.ProcessId);
        holder.Describe().Should().Contain($"port {port}").And.Contain($"pid {Environment.ProcessId}");
    }

    [Fact]
    public void The_local_port_of_an_outgoing_connection_is_free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        var ours = ((IPEndPoint)client.Client.LocalEndPoint!).Port;

        PortHolders.Find(ours).Should().BeNull();
    }

    [Fact]
    public void The_next_free_port_can_be_bound()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var next = PortHolders.NextFree(port);

        next.Should().BeGreaterThan(port);
        using var other = new TcpListener(IPAddress.Loopback, next!.Value);
        other.Start();
    }

    [Theory]
    [InlineData("   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12345 1 0000 100 0 0 10 0", 8000)]
    [InlineData("   1: 00000000000000000000000001000000:1F40 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  0 0 77", 8000)]
    [InlineData("   2: 0100007F:1F40 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 12345 1", null)]
    [InlineData("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode", null)]
    public void A_line_of_the_kernels_socket_table_is_parsed(string line, int? port) => ListeningSockets.Parse(line)?.Port.Should().Be(port);
}
