using System.Text;
using Supervisor.Unit.Wire.Links;
using Supervisor.Wire.Frames;

namespace Supervisor.Unit.Wire.Frames;

public class FramingSpecs
{
    private const string Body = "{\"ä\":1}";

    [Fact]
    public async Task A_message_is_read_completely_wherever_its_bytes_are_split()
    {
        byte[] bytes = [.. RawPeer.Frame(Body), .. RawPeer.Frame("[]")];

        for (var split = 1; split < bytes.Length; split++)
        {
            var reader = Reader(bytes[..split], bytes[split..]);

            (await BodyAsync(reader)).Should().Be(Body, $"split at {split}");
            (await BodyAsync(reader)).Should().Be("[]", $"split at {split}");
            (await reader.ReadAsync(CancellationToken.None)).Should().BeOfType<FrameReadResult.Closed>();
        }
    }

    [Fact]
    public async Task A_message_is_read_completely_when_it_arrives_byte_by_byte()
    {
        var reader = Reader([.. RawPeer.Frame(Body).Select(value => new[] { value })]);

        (await BodyAsync(reader)).Should().Be(Body);
    }

    [Fact]
    public async Task The_longest_allowed_message_passes_and_what_follows_is_intact()
    {
        var longest = new string('x', FrameLimits.BodyBytes);
        var reader = Reader([.. RawPeer.Frame(longest), .. RawPeer.Frame(Body)]);

        (await BodyAsync(reader)).Should().Be(longest);
        (await BodyAsync(reader)).Should().Be(Body);
    }

    [Theory]
    [InlineData("Content-Length: 2")]
    [InlineData("content-length:2")]
    [InlineData("CONTENT-LENGTH:   2  ")]
    [InlineData("Content-Length: 2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8")]
    [InlineData("Content-Type: application/vscode-jsonrpc; charset=utf8\r\nContent-Length: 2")]
    [InlineData("content-type: application/json\r\nX-Anything: x\r\nContent-Length: 002")]
    public async Task Headers_of_other_implementations_are_understood(string header) =>
        (await BodyAsync(Reader(Encoding.ASCII.GetBytes(header + "\r\n\r\n{}")))).Should().Be("{}");

    [Theory]
    [InlineData("Content-Length: -1", ErrorCode.ParseError, "*not a number")]
    [InlineData("Content-Length: ", ErrorCode.ParseError, "*not a number")]
    [InlineData("Content-Length: 0x10", ErrorCode.ParseError, "*not a number")]
    [InlineData("Content-Length: 2\r\nContent-Length: 2", ErrorCode.ParseError, "*is given twice")]
    [InlineData("Content-Type: application/json", ErrorCode.ParseError, "*has no Content-Length")]
    [InlineData("Content-Length: 2\r\nContent-Type: x; charset=utf-16", ErrorCode.ParseError, "*names another charset than utf-8")]
    [InlineData("{\"jsonrpc\":\"2.0\"", ErrorCode.ParseError, "*has no Content-Length")]
    [InlineData("GET / HTTP/1.1", ErrorCode.ParseError, "*line without a name")]
    [InlineData("", ErrorCode.ParseError, "*line without a name")]
    [InlineData("Content-Length: 1048577", ErrorCode.InvalidRequest, "the message is longer than 1048576 bytes")]
    [InlineData("Content-Length: 4294967296", ErrorCode.InvalidRequest, "the message is longer than 1048576 bytes")]
    [InlineData("Content-Length: 1000000000000000000000000000000", ErrorCode.InvalidRequest, "the message is longer than 1048576 bytes")]
    public async Task A_header_without_a_usable_length_is_refused_with_a_message(string header, int code, string why)
    {
        var read = await Reader(Encoding.ASCII.GetBytes(header + "\r\n\r\n{}")).ReadAsync(CancellationToken.None);

        read.Should().BeOfType<FrameReadResult.Refused>().Which.Code.Should().Be(code);
        ((FrameReadResult.Refused)read).Why.Should().Match(why);
    }

    [Theory]
    [InlineData(4096, false)]
    [InlineData(4097, true)]
    public async Task A_header_longer_than_4_KiB_is_refused(int bytes, bool refused)
    {
        var fixedPart = "Content-Length: 2\r\nX: \r\n\r\n".Length;
        var header = $"Content-Length: 2\r\nX: {new string('x', bytes - fixedPart)}\r\n\r\n";

        var read = await Reader(Encoding.ASCII.GetBytes(header + "{}")).ReadAsync(CancellationToken.None);

        (read is FrameReadResult.Refused).Should().Be(refused);
    }

    [Fact]
    public async Task The_end_in_the_middle_of_a_message_is_distinguished_from_the_end_between_two()
    {
        var frame = RawPeer.Frame(Body);

        (await Reader(frame[..5]).ReadAsync(CancellationToken.None)).Should().Be(new FrameReadResult.Closed("the other end closed it in the middle of a header"));
        (await Reader(frame[..^1]).ReadAsync(CancellationToken.None)).Should().Be(new FrameReadResult.Closed("the other end closed it in the middle of a message"));
        (await Reader().ReadAsync(CancellationToken.None)).Should().Be(new FrameReadResult.Closed("the other end closed it"));
    }

    [Fact]
    public async Task A_header_has_5_seconds_from_its_first_byte()
    {
        var time = new VirtualTime();
        var reader = new FrameReader(new ScriptedStream(["C"u8.ToArray()], silentAtTheEnd: true), time);
        var reading = reader.ReadAsync(CancellationToken.None);
        await time.ArmedAsync().WithTimeout();

        time.Advance(FrameLimits.HeaderTime - TimeSpan.FromMilliseconds(1));
        reading.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromMilliseconds(1));

        (await reading.WithTimeout()).Should().BeOfType<FrameReadResult.Refused>().Which.Why.Should().EndWith("within 5 s");
    }

    [Fact]
    public async Task A_body_has_30_seconds()
    {
        var time = new VirtualTime();
        var reader = new FrameReader(new ScriptedStream([RawPeer.Frame(Body).AsMemory()[..^1]], silentAtTheEnd: true), time);
        var reading = reader.ReadAsync(CancellationToken.None);
        await time.ArmedAsync().WithTimeout();

        time.Advance(FrameLimits.BodyTime - TimeSpan.FromMilliseconds(1));
        reading.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromMilliseconds(1));

        (await reading.WithTimeout()).Should().BeOfType<FrameReadResult.Refused>().Which.Why.Should().EndWith("within 30 s");
    }

    [Fact]
    public async Task Between_messages_a_link_may_be_silent_for_ever()
    {
        var time = new VirtualTime();
        using var stopping = new CancellationTokenSource();
        var reader = new FrameReader(new ScriptedStream([], silentAtTheEnd: true), time);
        var reading = reader.ReadAsync(stopping.Token);

        time.Advance(TimeSpan.FromDays(365));
        reading.IsCompleted.Should().BeFalse();

        await stopping.CancelAsync();
        await FluentActions.Awaiting(() => reading.WithTimeout()).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_claimed_megabyte_costs_no_memory_until_it_arrives()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reader = Reader("Content-Length: 1048576\r\n\r\n"u8.ToArray());
        var read = reader.ReadAsync(CancellationToken.None);

        read.IsCompleted.Should().BeTrue("all bytes are available at once, so that this thread does all the reading");
        (await read).Should().BeOfType<FrameReadResult.Closed>();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(64 * 1024);
    }

    private static FrameReader Reader(params byte[][] pieces) =>
        new(new ScriptedStream(pieces.Select(piece => (ReadOnlyMemory<byte>)piece)), TimeProvider.System);

    private static async Task<string> BodyAsync(FrameReader reader) =>
        Encoding.UTF8.GetString((await reader.ReadAsync(CancellationToken.None)).Should().BeOfType<FrameReadResult.Body>().Subject.Bytes.Span);
}
