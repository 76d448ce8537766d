using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>Another process on the machine needs a lot of memory for a moment.</summary>
internal sealed class MemoryEater : IJob
{
    private const int Bytes = 400 * 1024 * 1024;

    public string Name => "memory-eater";

    public string Summary => "holds 400 MB, all of it touched, in a separate process that exits: no restart";

    public string? Missing => null;

    public IReadOnlyList<ProjectService> Choose(ProjectTree project, Random random) => [];

    /// <summary>Input without a line end is one line, which tail(1) must hold as a whole before it can print it.</summary>
    public async Task RunAsync(JobContext context, CancellationToken stopping)
    {
        var counted = await ToolProcess.RunAsync("/bin/sh", ["-c", $"head -c {Bytes} /dev/zero | tail -n 1 | wc -c"], context.Project.Folder, stopping);
        if (counted.Trim() != $"{Bytes}")
            throw new ToolFailedException($"tail held {counted.Trim()} of {Bytes} bytes.");
    }
}
