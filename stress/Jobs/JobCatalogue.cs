namespace Supervisor.Stress.Jobs;

/// <summary>Every job that a scenario can name.</summary>
internal static class JobCatalogue
{
    public static IReadOnlyList<IJob> All { get; } =
    [
        new SourceBurst(), new CodeGeneration(), new GitCheckout(), new InstallIgnored(), new InstallWatched(), new AtomicSaves(), new LogGrowth(),
        new UnpackArchive(), new MemoryEater(), new CompilerSpawner(),
    ];
}
