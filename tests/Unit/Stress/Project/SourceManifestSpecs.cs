using System.Security.Cryptography;
using System.Text;
using Supervisor.Stress.Project;

namespace Supervisor.Unit.Stress;

public sealed class SourceManifestSpecs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sv-manifest-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_line_is_hash_and_path_and_lines_are_in_ordinal_order()
    {
        Write("b.py", "two");
        Write("B.py", "one");
        Write("a/z.py", "three");

        SourceManifest.Read(_folder, ".py").Text.Should().Be($"{Hash("one", 12)} B.py\n{Hash("three", 12)} a/z.py\n{Hash("two", 12)} b.py\n");
    }

    [Fact]
    public void The_digest_is_the_hash_of_the_text()
    {
        Write("a.py", "one");

        SourceManifest.Read(_folder, ".py").Digest.Should().Be(Hash($"{Hash("one", 12)} a.py\n", 16));
    }

    [Theory]
    [InlineData("node_modules/a.py")]
    [InlineData("deep/build/a.py")]
    [InlineData("__pycache__/a.py")]
    [InlineData("logs/a.py")]
    [InlineData(".git/a.py")]
    [InlineData(".hidden.py")]
    [InlineData("a.py~")]
    [InlineData("a.pyc")]
    public void A_file_that_no_server_reads_is_not_a_source(string path)
    {
        Write(path, "something");

        SourceManifest.Read(_folder, ".py").Hashes.Should().BeEmpty();
    }

    [Fact]
    public void The_manifest_of_a_server_equals_what_it_read()
    {
        Write("a.py", "one");
        Write("a b/c.py", "two");
        var read = SourceManifest.Read(_folder, ".py");

        SourceManifest.Parse(read.Text).Hashes.Should().Equal(read.Hashes);
    }

    [Fact]
    public void A_difference_names_exactly_the_changed_added_and_removed_paths()
    {
        var before = SourceManifest.Parse("aaa same\nbbb changed\nccc removed\n");
        var after = SourceManifest.Parse("ddd added\naaa same\neee changed\n");

        var difference = SourceManifest.Difference(before, after);

        difference.Should().BeEquivalentTo(new { Changed = new[] { "changed" }, Added = new[] { "added" }, Removed = new[] { "removed" }, Count = 3 });
        SourceManifest.Difference(after, after).Count.Should().Be(0);
    }

    [Fact]
    public void A_folder_that_is_gone_has_no_sources() =>
        SourceManifest.Read(Path.Combine(_folder, "nowhere"), ".py").Text.Should().BeEmpty();

#pragma warning disable CA5350 // The protocol's hash; not for security.
    private static string Hash(string text, int digits) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)))[..digits];
#pragma warning restore CA5350

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
