using Supervisor.Filtering;

namespace Supervisor.Unit.Filtering;

public sealed class GlobSpecs
{
    [Theory]
    // Without a slash: at any depth.
    [InlineData("*.py", "views.py", true)]
    [InlineData("*.py", "site/app/views.py", true)]
    [InlineData("*.py", "views.pyc", false)]
    [InlineData("*.py", ".py", true)]
    [InlineData("migrations", "site/migrations", true)]
    [InlineData("migrations", "site/migrations/0001.py", false)]
    // With a slash: from the root down.
    [InlineData("/views.py", "views.py", true)]
    [InlineData("/views.py", "site/views.py", false)]
    [InlineData("site/*.py", "site/views.py", true)]
    [InlineData("site/*.py", "site/app/views.py", false)]
    [InlineData("site/*.py", "other/site/views.py", false)]
    [InlineData("./site/*.py", "site/views.py", true)]
    // Two stars: any number of directories, none included.
    [InlineData("**/*.html", "index.html", true)]
    [InlineData("**/*.html", "a/b/index.html", true)]
    [InlineData("site/**/*.py", "site/views.py", true)]
    [InlineData("site/**/*.py", "site/a/b/views.py", true)]
    [InlineData("site/**/*.py", "views.py", false)]
    [InlineData("site/**", "site/a/b", true)]
    [InlineData("site/**", "site", false)]
    [InlineData("**", "a/b/c", true)]
    [InlineData("a/**/b/**/c", "a/x/b/y/z/c", true)]
    [InlineData("a/**/b/**/c", "a/x/c/y/b", false)]
    [InlineData("a**b", "axxb", true)]
    [InlineData("x/a**b", "x/a/b", false)]
    // One character, classes.
    [InlineData("?.py", "é.py", true)]
    [InlineData("?.py", "\U0001F600.py", true)]
    [InlineData("?.py", "ab.py", false)]
    [InlineData("[a-c].py", "b.py", true)]
    [InlineData("[!a-c].py", "b.py", false)]
    [InlineData("[^a-c].py", "d.py", true)]
    [InlineData("[]a].py", "].py", true)]
    [InlineData("[a-].py", "-.py", true)]
    [InlineData("[z-a].py", "m.py", false)]
    [InlineData("[a.py", "[a.py", true)]
    [InlineData("a?b", "a/b", false)]
    [InlineData("x/a[!c]b", "x/a/b", false)]
    // Braces.
    [InlineData("*.{py,html}", "a/b.html", true)]
    [InlineData("*.{py,html}", "a/b.htm", false)]
    [InlineData("{site,lib}/**/*.py", "lib/x/y.py", true)]
    [InlineData("{a/b,c}/d", "a/b/d", true)]
    [InlineData("{a,{b,c}x}y", "cxy", true)]
    [InlineData("{a}", "{a}", true)]
    [InlineData("{a,b", "{a,b", true)]
    [InlineData("{a,}", "a", true)]
    [InlineData("site/{a/,b}", "site/a", false)]
    [InlineData("x{,y}", "x", true)]
    // Escapes, names that look like options, newlines.
    [InlineData(@"\*.py", "*.py", true)]
    [InlineData(@"\*.py", "a.py", false)]
    [InlineData(@"\{a,b\}", "{a,b}", true)]
    [InlineData("*", "-rf\n", true)]
    [InlineData("A.py", "a.py", false)]
    public void A_glob_matches_what_its_author_meant(string glob, string path, bool matches) =>
        Glob.Compile(glob).Matches(path, isDirectory: false).Should().Be(matches);

    [Fact]
    public void A_byte_that_is_no_UTF8_is_one_character() =>
        Glob.Compile("?[\uDC80-\uDCFF].py").Matches("\uDCFF\uDC80.py", isDirectory: false).Should().BeTrue();

    [Fact]
    public void A_trailing_slash_means_directories_only()
    {
        var glob = Glob.Compile("build/");

        glob.Matches("a/build", isDirectory: true).Should().BeTrue();
        glob.Matches("a/build", isDirectory: false).Should().BeFalse();
    }

    [Theory]
    [InlineData("site/**", "site", true)]
    [InlineData("site/**", "site/app", true)]
    [InlineData("site/**/*.py", "site", false)]
    [InlineData("migrations/", "site/migrations", true)]
    [InlineData("**", "a", true)]
    [InlineData("*.py", "site", false)]
    public void A_directory_is_covered_when_everything_beneath_it_is_meant(string glob, string directory, bool covers) =>
        Glob.Compile(glob).Covers(directory).Should().Be(covers);

    [Theory]
    [InlineData("site/**/*.py", "site", true)]
    [InlineData("site/**/*.py", "docs", false)]
    [InlineData("site/a/*.py", "site/b", false)]
    [InlineData("site/a/*.py", "site/a", true)]
    [InlineData("site/a/*.py", "site/a/b", false)]
    [InlineData("*.py", "anything/at/all", true)]
    [InlineData("{docs,site}/x", "site", true)]
    public void A_directory_is_left_out_when_nothing_beneath_it_can_match(string glob, string directory, bool may) =>
        Glob.Compile(glob).MayMatchBeneath(directory).Should().Be(may);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("../site/*.py")]
    [InlineData("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}")]
    public void A_glob_that_cannot_mean_anything_is_refused_by_name(string glob)
    {
        var compile = () => Glob.Compile(glob);

        compile.Should().Throw<InvalidGlobException>().Which.Message.Should().Contain($"\"{glob}\"");
    }

    [Fact]
    public void Matching_allocates_nothing()
    {
        var glob = Glob.Compile("{site,lib}/**/[a-z]*_?est.{py,html}");
        glob.Matches("lib/a/b/c/some_test.html", isDirectory: false).Should().BeTrue();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            glob.Matches("lib/a/b/c/some_test.html", isDirectory: false);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }
}
