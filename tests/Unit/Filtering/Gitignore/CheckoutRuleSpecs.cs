using Supervisor.Filtering.Gitignore;

namespace Supervisor.Unit.Filtering.Gitignore;

/// <summary>Which directory with a <c>.git</c> is a checkout of its own, and which is a submodule of the repository around it.</summary>
public sealed class CheckoutRuleSpecs
{
    [Theory]
    [InlineData("gitdir: /p/.git/worktrees/a", true)]
    [InlineData("gitdir: ../../.git/worktrees/a", true)]
    [InlineData("gitdir: /srv/p.git/worktrees/a", true)]
    [InlineData("gitdir: /p/.git/worktrees/modules", true)]                 // a worktree of that name
    [InlineData("gitdir: /p/.git/modules/lib/worktrees/a", true)]           // a worktree of a submodule
    [InlineData("gitdir: /home/modules/p/.git/worktrees/a", true)]          // the folder has the name, git's has not
    [InlineData("gitdir: /elsewhere/p.git", true)]                          // git clone --separate-git-dir
    [InlineData("gitdir: /home/modules/p.git", true)]
    [InlineData("gitdir:/p/.git/worktrees/a", true)]
    [InlineData("gitdir: ../.git/modules/lib", false)]
    [InlineData("gitdir: /p/.git/modules/lib", false)]
    [InlineData("gitdir: ../../../.git/modules/third/party/lib", false)]    // a submodule's name is its path
    [InlineData("gitdir: ../.git/modules/a/modules/b", false)]              // a submodule of a submodule
    [InlineData("gitdir: ../.git/modules/worktrees/lib", false)]            // a submodule at worktrees/lib
    [InlineData("gitdir: /p/.git/worktrees/a/modules/lib", false)]          // a submodule in a worktree
    [InlineData("gitdir: /srv/p.git/worktrees/a/modules/lib", false)]
    [InlineData("gitdir: ../.git/modules/lib/", false)]
    [InlineData("gitdir: ../.git/modules", true)]
    [InlineData("gitdir:", false)]                                          // no git either takes it for a repository
    [InlineData("gitdir:   ", false)]
    [InlineData("", false)]                                                 // begun, or not readable
    [InlineData("a file of that name", false)]
    public void A_git_file_belongs_to_a_submodule_if_it_leads_to_the_modules_of_a_repository(string firstLine, bool isCheckout) =>
        CheckoutRule.IsCheckout(GitEntry.File, firstLine, isListed: false).Should().Be(isCheckout);

    [Theory]
    [InlineData(GitEntry.None, "", false, false)]
    [InlineData(GitEntry.Directory, "", false, true)]
    [InlineData(GitEntry.Directory, "", true, false)]                              // an old submodule, or one that was cloned by hand and added
    [InlineData(GitEntry.File, "gitdir: /elsewhere/lib.git", true, false)]
    public void What_gitmodules_lists_is_a_submodule_whatever_its_form(GitEntry entry, string firstLine, bool isListed, bool isCheckout) =>
        CheckoutRule.IsCheckout(entry, firstLine, isListed).Should().Be(isCheckout);
}
