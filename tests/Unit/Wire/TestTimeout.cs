namespace Supervisor.Unit.Wire;

/// <summary>Limits a wait, so that a test fails instead of hanging.</summary>
internal static class TestTimeout
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    public static Task WithTimeout(this Task task) => task.WaitAsync(Long);

    public static Task<T> WithTimeout<T>(this Task<T> task) => task.WaitAsync(Long);
}
