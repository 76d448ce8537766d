using System.Text.Json;

namespace Supervisor.Wire;

/// <summary>The parent's first and only words on its standard output, to whoever launched it.</summary>
public static class StartupPipe
{
    public static void Write(StartupLine line)
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
