namespace Supervisor.Parent;

/// <summary>The process <c>supervisor-parent --config ABSOLUTE_PATH [--owned] [--no-autostart]</c>.</summary>
public static class ParentProgram
{
    /// <summary>Leaves the launcher's session and changes inherited settings of the whole process: call it once, first in Main.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        ProcessStartup.Normalise();
        Detachment.StartSession();

        try
        {
            using var tree = await Tree.OpenAsync(Arguments.TryParse(arguments), TimeProvider.System);
            StartupPipe.Write(new StartupLine(new ParentStarted(Environment.ProcessId), null));
            Detachment.ReleaseTerminal();
            await tree.RunAsync();
            return (int)ExitCode.Ok;
        }
        catch (StartRefusedException refused)
        {
            StartupPipe.Write(new StartupLine(null, new ParentFailed((int)refused.ExitCode, refused.Message, refused.Details)));
            return (int)refused.ExitCode;
        }
    }
}
