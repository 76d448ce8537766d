namespace Supervisor.Puppet;

internal static class Program
{
    private static int Main() => 1;
}
