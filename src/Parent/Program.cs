namespace Supervisor.Parent;

internal static class Program
{
    private static int Main() => 1;
}
