using System.Text.Json;

namespace Supervisor.Wire;

/// <summary>Writes the parent's only line on its standard output, for its launcher.</summary>
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
            // The launcher has ended: no process waits for the line, and the tree runs without it.
        }
    }
}
