namespace Supervisor.Unit.Wire.JsonRpc;

/// <summary>Looks at the whole process's heap, so nothing else may run beside it.</summary>
[Collection(nameof(Alone))]
public class LeakSpecs
{
    [Fact]
    public async Task A_long_life_among_wrong_messages_costs_no_memory()
    {
        await using var fixture = new PeerFixture();
        await SendWrongMessagesAsync(fixture, 2_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await SendWrongMessagesAsync(fixture, 20_000);

        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(2 * 1024 * 1024);
    }

    private static async Task SendWrongMessagesAsync(PeerFixture fixture, int count)
    {
        string[] wrong =
        [
            """{"jsonrpc":"2.0","id":1,"method":"test/none"}""", "{", "[1]", """{"jsonrpc":"2.0","id":2,"method":"test/add","params":[true]}""",
            """{"jsonrpc":"2.0","id":3,"method":"test/fail","params":["contract"]}""",
        ];

        for (var i = 0; i < count; i++)
            (await fixture.AskAsync(wrong[i % wrong.Length])).Should().Contain("\"error\"");
    }

    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;
}
