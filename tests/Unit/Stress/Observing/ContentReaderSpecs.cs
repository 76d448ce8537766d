using Supervisor.Stress.Observing;

namespace Supervisor.Unit.Stress;

public sealed class ContentReaderSpecs
{
    private readonly InMemoryRecord _record = new();

    [Fact]
    public void The_page_contains_the_digest() => ContentReader.DigestIn("pid 17\ndigest da39a3ee5e6b4b0d\n").Should().Be("da39a3ee5e6b4b0d");

    [Fact]
    public void The_page_of_another_server_has_no_digest() => ContentReader.DigestIn("<html>hello</html>").Should().BeNull();

    [Fact]
    public async Task The_served_content_is_read_again_after_a_reload()
    {
        await using var site = new ContentServer("web");
        using var client = new ServerClient(_record, TimeSpan.FromSeconds(60));
        var reader = new ContentReader(site.Service, client);
        site.Save("a.txt", "first");
        site.Read();
        var first = await reader.ReadAsync(CancellationToken.None);
        site.Save("deep/b with a blank.txt", "second");
        var between = await reader.ReadAsync(CancellationToken.None);
        site.Read();
        var second = await reader.ReadAsync(CancellationToken.None);

        new[] { first, between, second }.Select(snapshot => snapshot.Trouble).Should().OnlyContain(trouble => trouble == null);
        first.Served!.Keys.Should().Equal("a.txt");
        between.Served.Should().BeSameAs(first.Served);
        second.Served!.Keys.Should().Equal("a.txt", "deep/b with a blank.txt");
        second.Served!["a.txt"].Should().Be(first.Served!["a.txt"]);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_serves_nothing()
    {
        await using var site = new ContentServer("web");
        using var client = new ServerClient(_record, TimeSpan.FromSeconds(60));
        var reader = new ContentReader(site.Service with { Port = Supervisor.Tree.Harness.TestTree.FreePort() }, client);

        var seen = await reader.ReadAsync(CancellationToken.None);

        seen.Served.Should().BeNull();
        seen.Trouble.Should().Be("connection refused");
    }
}
