using Supervisor.Filtering;

namespace Supervisor.Unit.Filtering;

public sealed class BuiltInIgnoresSpecs
{
    [Theory]
    [InlineData("4913")]               // vim
    [InlineData("f.py~")]
    [InlineData(".f.py.swp")]
    [InlineData(".f.py.swx")]
    [InlineData(".f.un~")]
    [InlineData(".#f.py")]             // emacs
    [InlineData("#f.py#")]
    [InlineData(".goutputstream-X1Y2Z3")]
    [InlineData(".f.py.kate-swp")]
    [InlineData(".subl3f2.tmp")]
    [InlineData("sedK3j9Zx")]
    [InlineData("f.py___jb_tmp___")]
    [InlineData("flycheck_views.py")]
    [InlineData("views.cpython-312.pyc")]
    [InlineData(".DS_Store")]
    public void Temporary_files_of_tools_are_ignored(string name) => BuiltInIgnores.IsIgnoredFile(name).Should().BeTrue();

    [Theory]
    [InlineData("views.py")]
    [InlineData(".env")]
    [InlineData("sedentary")]
    [InlineData("sed.py")]
    [InlineData("4914")]
    [InlineData("notes.tmp")]
    [InlineData("#")]
    [InlineData(".gitignore")]
    [InlineData("swp")]
    public void Possible_sources_are_not_ignored(string name) => BuiltInIgnores.IsIgnoredFile(name).Should().BeFalse();

    [Theory]
    [InlineData(".git", true)]
    [InlineData("node_modules", true)]
    [InlineData("__pycache__", true)]
    [InlineData("site.egg-info", true)]
    [InlineData("bin", false)]
    [InlineData("obj", false)]
    [InlineData("dist", false)]
    [InlineData("build", false)]
    [InlineData("coverage", false)]
    [InlineData(".github", false)]
    public void A_directory_is_pruned_only_by_a_name_that_nobody_gives_to_sources(string name, bool ignored) =>
        BuiltInIgnores.IsIgnoredDirectory(name).Should().Be(ignored);
}
