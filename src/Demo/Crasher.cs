namespace Supervisor.Demo;

/// <summary>Works for a while, then fails. Ten times in ten minutes is a crash loop: then it stays down until somebody asks for it.</summary>
internal static class Crasher
{
    public static async Task<int> RunAsync(TimeSpan life, TimeProvider time)
    {
        Console.WriteLine($"all is well, for {life.TotalSeconds:0} seconds");
        await Task.Delay(life, time, CancellationToken.None);
        throw new InvalidOperationException("This is the crash that you were promised.");
    }
}
