using Supervisor.Stress.Observing;

namespace Supervisor.Unit.Stress;

public sealed class ContentReaderSpecs
{
    private readonly InMemoryRecord _record = new();

    [Fact]
    public void The_page_says_the_digest() => ContentReader.DigestIn("pid 17\ndigest da39a3ee5e6b4b0d\n").Should().Be("da39a3ee5e6b4b0d");

    [Fact]
    public void A_stranger_s_page_has_none() => ContentReader.DigestIn("<html>hello</html>").Should().BeNull();

    [Fact]
    public async Task What_the_server_has_read_is_seen_also_when_it_reads_again()
    {
        await using var site = new ContentServer("web");
        using var client = new ServerClient(_record, TimeSpan.FromSeconds(5));
        var looker = new ContentReader(site.Service, client);
        site.Save("a.txt", "first");
        site.Read();
        var first = await looker.LookAsync(CancellationToken.None);
        site.Save("deep/b with a blank.txt", "second");
        var between = await looker.LookAsync(CancellationToken.None);
        site.Read();
        var second = await looker.LookAsync(CancellationToken.None);

        first.Served!.Keys.Should().Equal("a.txt");
        between.Served.Should().BeSameAs(first.Served);
        second.Served!.Keys.Should().Equal("a.txt", "deep/b with a blank.txt");
        second.Served!["a.txt"].Should().Be(first.Served!["a.txt"]);
    }

    [Fact]
    public async Task Who_does_not_answer_serves_nothing()
    {
        await using var site = new ContentServer("web");
        using var client = new ServerClient(_record, TimeSpan.FromSeconds(5));
        var looker = new ContentReader(site.Service with { Port = Supervisor.Tree.Harness.TestTree.FreePort() }, client);

        var seen = await looker.LookAsync(CancellationToken.None);

        seen.Served.Should().BeNull();
        seen.Trouble.Should().Be("connection refused");
    }
}
