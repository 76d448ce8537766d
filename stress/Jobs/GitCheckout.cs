using System.Text;
using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>Switches to a branch with many different files and usually back; sometimes it stays there.</summary>
internal sealed class GitCheckout : IJob
{
    private const int Differing = 60;
    private const int OnlyThere = 10;

    private static readonly string[] Settings =
    [
        "-c", "user.name=developer", "-c", "user.email=developer@localhost", "-c", "init.defaultBranch=main", "-c", "advice.detachedHead=false",

        // The job waits for garbage collection: no process of a job may outlive it.
        "-c", "gc.autoDetach=false", "-c", "gc.auto=2000",
    ];

    public string Name => "git-checkout";

    public string Summary => "checks out a branch in which 70 sources differ, and goes back in two cases of three: the final content is served";

    public string? Missing => InstalledTools.Local.Has(Tool.Git) ? null : "git";

    public IReadOnlyList<ProjectService> Choose(ProjectTree project, Random random) => project.Pick(1, random);

    public async Task RunAsync(JobContext context, CancellationToken stopping)
    {
        var sources = new SourceFolder(context.Services[0]);
        var branch = $"feature-{context.Number}";
        await CommitAsync(context, sources.Folder, stopping);
        await GitAsync(sources.Folder, ["fast-import", "--quiet", "--force"], stopping, Branch(context, sources, branch));
        await GitAsync(sources.Folder, ["checkout", "--quiet", branch], stopping);
        if (context.Random.Next(3) > 0)
        {
            await GitAsync(sources.Folder, ["checkout", "--quiet", "main"], stopping);
            await GitAsync(sources.Folder, ["branch", "--quiet", "--delete", "--force", branch], stopping);
        }
        else
        {
            await GitAsync(sources.Folder, ["branch", "--quiet", "--move", "--force", branch, "main"], stopping);
        }

        await GitAsync(sources.Folder, ["gc", "--auto", "--quiet", "--prune=now"], stopping);
    }

    /// <summary>Commits whatever other jobs left in the working tree; the first call creates the repository.</summary>
    private static async Task CommitAsync(JobContext context, string folder, CancellationToken stopping)
    {
        if (!Directory.Exists(Path.Combine(folder, ".git")))
        {
            await GitAsync(folder, ["init", "--quiet", "--template="], stopping);
            await File.WriteAllTextAsync(Path.Combine(folder, ".gitignore"), "node_modules/\nbuild/\nlogs/\n*.log*\n__pycache__/\n*~\n", stopping);
        }

        // The job has the service's folder to itself: a lock can only be left by a git that was killed.
        File.Delete(Path.Combine(folder, ".git", "index.lock"));
        await GitAsync(folder, ["add", "--all"], stopping);
        await GitAsync(folder, ["commit", "--quiet", "--allow-empty", $"--message={context.Signature}"], stopping);
    }

    /// <summary>A commit as <c>git fast-import</c> reads it: it creates the branch without touching the working tree.</summary>
    private static string Branch(JobContext context, SourceFolder sources, string branch)
    {
        var text = new StringBuilder($"commit refs/heads/{branch}\ncommitter developer <developer@localhost> {1_700_000_000 + context.Number} +0000\n");
        text.Append(Block($"the branch of {context.Signature}")).Append("from refs/heads/main^0\n");
        foreach (var path in sources.Pick(Differing, context.Random).Concat(sources.Numbered("feature", OnlyThere)).Distinct(StringComparer.Ordinal))
            text.Append($"M 100644 inline {path}\n").Append(Block(context.TextFor(path)));
        return text.ToString();
    }

    private static string Block(string content) => $"data {Encoding.UTF8.GetByteCount(content)}\n{content}\n";

    private static Task<string> GitAsync(string folder, string[] arguments, CancellationToken stopping, string input = "") =>
        ToolProcess.RunAsync(InstalledTools.Local.Require(Tool.Git), [.. Settings, .. arguments], folder, stopping, input);
}
