using Supervisor.Cli.Rendering;

namespace Supervisor.Unit.Cli;

/// <summary>Text that is measured, cut and wrapped by the cells that it takes in a terminal.</summary>
public sealed class CellTextSpecs
{
    [Theory]
    [InlineData("web", 3)]
    [InlineData("文档", 4)]
    [InlineData("e\u0301te\u0301", 3)]
    [InlineData("😀", 2)]
    [InlineData("…", 1)]
    public void A_wide_character_takes_two_cells_and_a_combining_mark_none(string text, int width) => CellText.Width(text).Should().Be(width);

    [Theory]
    [InlineData("storefront", 10, "storefront")]
    [InlineData("storefront", 9, "storefro…")]
    [InlineData("文档文档", 6, "文档…")]
    [InlineData("e\u0301te\u0301s", 3, "e\u0301t…")]
    [InlineData("web", 1, "…")]
    public void A_text_is_cut_at_its_end_between_characters(string text, int width, string cut) => CellText.CutEnd(text, width).Should().Be(cut);

    [Theory]
    [InlineData("src/site/index.html", 19, "src/site/index.html")]
    [InlineData("src/site/index.html", 18, "…/site/index.html")]
    [InlineData("src/site/index.html", 16, "…/index.html")]
    [InlineData("src/site/index.html", 11, "…index.html")]
    [InlineData("src/文档/说明.md", 10, "…/说明.md")]
    [InlineData("/说明文件.md", 8, "…文件.md")]
    public void A_path_loses_its_first_names(string path, int width, string cut) => CellText.CutPath(path, width).Should().Be(cut);

    [Fact]
    public void A_text_that_fits_keeps_its_spaces() => WrappedText.Lines("web: a  b", 11).Should().Equal("web: a  b");

    [Fact]
    public void A_longer_text_is_broken_between_words() =>
        WrappedText.Lines("web: validation exited with code 1", 14).Should().Equal("web:", "  validation", "  exited with", "  code 1");

    [Fact]
    public void Line_breaks_of_the_text_stay() => WrappedText.Lines("web: one\r\n\ttwo\n\n", 80).Should().Equal("web: one", "  two");

    [Fact]
    public void A_path_longer_than_a_line_is_broken_between_its_names_and_a_name_where_it_must() =>
        WrappedText.Lines("tree: /project/site/supervisor.json, up", 14).Should().Equal("tree:", "  /project/", "  site/", "  supervisor.j", "  son, up");
}
