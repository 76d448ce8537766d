namespace Supervisor.Stress;

internal static class Program
{
    private static int Main() => 1;
}
