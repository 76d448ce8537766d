namespace Supervisor.Parent;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        ProcessStartup.Normalise();
        Detachment.LeaveSession();

        try
        {
            using var tree = await Tree.OpenAsync(Arguments.TryParse(arguments), TimeProvider.System);
            StartupPipe.Tell(new StartupLine(new ParentStarted(Environment.ProcessId), null));
            Detachment.LeaveLauncher();
            await tree.RunAsync();
            return (int)ExitCode.Ok;
        }
        catch (StartRefusedException refused)
        {
            StartupPipe.Tell(new StartupLine(null, new ParentFailed((int)refused.ExitCode, refused.Message, refused.Details)));
            return (int)refused.ExitCode;
        }
    }
}
