using Supervisor.Filtering;
using Supervisor.Filtering.Gitignore;

namespace Supervisor.Unit.Filtering.Gitignore;

/// <summary>What is read of a directory's <c>.git</c>, however odd it is.</summary>
public sealed class CheckoutReaderSpecs : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("checkouts-");

    private string Nested => Path.Combine(_home.FullName, "nested");

    private string Git => Path.Combine(Nested, ".git");

    public CheckoutReaderSpecs()
    {
        Directory.CreateDirectory(Nested);
        Directory.CreateDirectory(Path.Combine(_home.FullName, ".git"));
        Directory.CreateDirectory(Path.Combine(_home.FullName, "elsewhere"));
    }

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public void The_mark_comes_and_goes_with_what_git_wrote()
    {
        File.WriteAllText(Git, "gitdir: ../.git/worktrees/nested\n");
        IsMarked().Should().BeTrue();

        File.WriteAllText(Git, "gitdir: ../.git/modules/nested\n");
        IsMarked().Should().BeFalse();
        CheckoutReader.Mark(Nested, DirectoryMarkers.Repository | DirectoryMarkers.Checkout).Should().Be(DirectoryMarkers.Repository);
    }

    [Fact]
    public void A_file_without_end_is_read_no_further_than_its_first_line_may_go()
    {
        File.WriteAllText(Git, "gitdir: ../.git/worktrees/nested\n" + new string('x', 3_000_000));
        IsMarked().Should().BeTrue();

        File.WriteAllText(Git, new string('x', 3_000_000));
        IsMarked().Should().BeFalse();
    }

    [Fact]
    public void A_link_is_what_it_leads_to()
    {
        File.CreateSymbolicLink(Git, "../elsewhere");
        IsMarked().Should().BeTrue();

        File.Delete(Git);
        File.WriteAllText(Path.Combine(_home.FullName, "elsewhere/pointer"), "gitdir: /p/.git/worktrees/a\n");
        File.CreateSymbolicLink(Git, "../elsewhere/pointer");
        IsMarked().Should().BeTrue();

        File.WriteAllText(Path.Combine(_home.FullName, "elsewhere/pointer"), "gitdir: /p/.git/modules/a\n");
        IsMarked().Should().BeFalse();

        File.Delete(Git);
        File.CreateSymbolicLink(Git, ".git");
        IsMarked().Should().BeFalse("it leads nowhere");
    }

    [Fact]
    public void Nothing_at_all_and_an_empty_file_are_no_checkout()
    {
        IsMarked().Should().BeFalse();
        CheckoutReader.Mark(Nested, DirectoryMarkers.NodeProject).Should().Be(DirectoryMarkers.NodeProject);

        File.WriteAllText(Git, "");
        IsMarked().Should().BeFalse();
    }

    [Fact]
    public void A_pipe_of_that_name_holds_nobody()
    {
        Supervisor.Tree.Harness.ForeignProgram.RunChecked(CliWrap.Cli.Wrap("mkfifo").WithArguments(Git), TimeSpan.FromSeconds(30));

        IsMarked().Should().BeFalse();
    }

    [Fact]
    public void A_submodule_of_the_old_form_is_the_business_of_the_nearest_repository_around_it()
    {
        var inner = Path.Combine(Nested, "third/party");
        Directory.CreateDirectory(Path.Combine(inner, ".git"));
        File.WriteAllText(Path.Combine(_home.FullName, ".gitmodules"), "[submodule \"x\"]\n\tpath = nested/third/party\n");
        IsMarked(inner).Should().BeFalse();

        Directory.CreateDirectory(Git);
        IsMarked(inner).Should().BeTrue();

        File.WriteAllText(Path.Combine(Nested, ".gitmodules"), "[submodule \"x\"]\n\tpath = third/party\n\turl = y\n");
        IsMarked(inner).Should().BeFalse();
    }

    private bool IsMarked(string? directory = null) =>
        CheckoutReader.Mark(directory ?? Nested, DirectoryMarkers.Repository, openAs: null).HasFlag(DirectoryMarkers.Checkout);
}
