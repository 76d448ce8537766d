using System.Text;
using System.Text.Json;
using Supervisor.Unit.Wire.Links;

namespace Supervisor.Unit.Wire.Frames;

public class FuzzSpecs
{
    private const int FramesPerLink = 25;

    /// <summary>10^6 frames in a build, fewer by hand.</summary>
    private static readonly int Links = (Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ? 1_000_000 : 100_000) / FramesPerLink;

    private static readonly byte[][] Seeds =
    [
        .. new[]
        {
            """{"jsonrpc":"2.0","id":1,"method":"test/add","params":{"left":1,"right":2,"unit":"m","more":[1,2,3]}}""",
            """{"jsonrpc":"2.0","id":"a","method":"test/add","params":[1,2,"s",[3]]}""",
            """{"jsonrpc":"2.0","method":"test/note","params":["ä\ud83d\ude00"]}""",
            """{"jsonrpc":"2.0","id":null,"method":"test/fail","params":["contract"]}""",
            """{"jsonrpc":"2.0","id":3,"method":"test/hang"}""",
            """{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":3}}""",
            """[{"jsonrpc":"2.0","id":4,"method":"test/echo","params":["x"]},{"jsonrpc":"2.0","method":"test/note","params":["y"]},1]""",
            """{"jsonrpc":"2.0","id":1,"result":{"value":"x"}}""",
            """{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"x","data":[{}]}}""",
            "[[[[[[[[[[]]]]]]]]]]",
        }.Select(RawPeer.Frame),
    ];

    private static readonly byte[][] Splices =
    [
        "\r\n"u8.ToArray(), "\r\n\r\n"u8.ToArray(), "Content-Length: "u8.ToArray(), "99999999999999999999"u8.ToArray(), "-1"u8.ToArray(), "\""u8.ToArray(),
        "{"u8.ToArray(), "["u8.ToArray(), "null"u8.ToArray(), "NaN"u8.ToArray(), "1e999"u8.ToArray(), "\\ud800"u8.ToArray(), [0xFF], [0xC0, 0x80], [0x00],
        "\"id\":1,"u8.ToArray(), "\"jsonrpc\":\"2.0\","u8.ToArray(),
    ];

    /// <summary>Replay: the seed is in the message of a failure.</summary>
    [Fact]
    public async Task Random_bytes_cause_no_exception_no_hang_no_invalid_answer_and_no_leak()
    {
        await PlayAsync(0, 100);
        var descriptors = Directory.GetFiles("/proc/self/fd").Length;
        var memory = GC.GetTotalMemory(forceFullCollection: true);

        await PlayAsync(100, Links);

        // Other tests of the assembly may hold some; a leak would be one for each link.
        Directory.GetFiles("/proc/self/fd").Length.Should().BeLessThan(descriptors + 200);
        (GC.GetTotalMemory(forceFullCollection: true) - memory).Should().BeLessThan(64 << 20);
    }

    private static async Task PlayAsync(int from, int to)
    {
        for (var seed = from; seed < to; seed++)
        {
            var random = new Random(seed);
            var bytes = Enumerable.Range(0, FramesPerLink).SelectMany(_ => Mutate(Seeds[random.Next(Seeds.Length)], random)).ToArray();
            var stream = new ScriptedStream(Pieces(bytes, random));
            var link = LinkFixture.Open(stream, new TestAnswers(), [], TimeProvider.System);

            try
            {
                (await link.RunAsync(CancellationToken.None).WithTimeout()).Should().NotBeNullOrEmpty();
                ReadAnswers(stream.Written.ToArray());
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {Convert.ToBase64String(bytes)}", e);
            }
        }
    }

    /// <summary>Half of the frames have a correct header for their mutated body, so that the mutation passes the framing.</summary>
    private static byte[] Mutate(byte[] frame, Random random)
    {
        var headed = random.Next(2) == 0;
        var bytes = (headed ? frame[(frame.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..] : frame).ToList();

        for (var mutations = random.Next(4); mutations > 0 && bytes.Count > 0; mutations--)
        {
            var at = random.Next(bytes.Count);

            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, random.Next(Math.Min(8, bytes.Count - at)));
                    break;
                case 2:
                    bytes.InsertRange(at, Splices[random.Next(Splices.Length)]);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(bytes.Count - at)));
                    break;
                default:
                    bytes.InsertRange(at, Enumerable.Repeat(bytes[at], random.Next(100)).ToArray());
                    break;
            }
        }

        return headed ? RawPeer.Frame([.. bytes]) : [.. bytes];
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Pieces(byte[] bytes, Random random)
    {
        for (var start = 0; start < bytes.Length;)
        {
            var length = Math.Min(bytes.Length - start, random.Next(1, 400));
            yield return bytes.AsMemory(start, length);
            start += length;
        }
    }

    /// <summary>Checks that everything written is framed JSON-RPC.</summary>
    private static void ReadAnswers(ReadOnlySpan<byte> written)
    {
        while (!written.IsEmpty)
        {
            var header = written.IndexOf("\r\n\r\n"u8);
            var length = int.Parse(Encoding.ASCII.GetString(written[..header]).Split(' ')[1]);
            using var answer = JsonDocument.Parse(written.Slice(header + 4, length).ToArray());
            var root = answer.RootElement;

            foreach (var each in root.ValueKind is JsonValueKind.Array ? root.EnumerateArray().ToArray() : [root])
                (each.TryGetProperty("result", out _) ^ each.TryGetProperty("error", out _)).Should().BeTrue();

            written = written[(header + 4 + length)..];
        }
    }
}
