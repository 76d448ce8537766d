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
            Tell(new StartupLine(new ParentStarted(Environment.ProcessId), null));
            Detachment.LeaveLauncher();
            await tree.RunAsync();
            return (int)ExitCode.Ok;
        }
        catch (StartRefusedException refused)
        {
            Tell(new StartupLine(null, new ParentFailed((int)refused.ExitCode, refused.Message, refused.Details)));
            return (int)refused.ExitCode;
        }
    }

    private static void Tell(StartupLine line)
    {
        try
        {
            using var output = Console.OpenStandardOutput();
            output.Write(JsonSerializer.SerializeToUtf8Bytes(line, ContractJson.Default.StartupLine));
            output.WriteByte((byte)'\n');
        }
        catch (IOException)
        {
            // The launcher is gone: nobody waits for the line, and the tree is not its prisoner.
        }
    }
}
