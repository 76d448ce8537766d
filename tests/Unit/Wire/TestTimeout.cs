namespace Supervisor.Unit.Wire;

/// <summary>A test that waits for what must come anyway fails instead of hanging.</summary>
internal static class TestTimeout
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    public static Task WithTimeout(this Task task) => task.WaitAsync(Long);

    public static Task<T> WithTimeout<T>(this Task<T> task) => task.WaitAsync(Long);
}
