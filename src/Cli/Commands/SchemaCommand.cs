using System.CommandLine;
using Supervisor.Cli.Connection;

namespace Supervisor.Cli.Commands;

/// <summary><c>schema</c>: the JSON Schema of the configuration, which lies beside the executable.</summary>
internal static class SchemaCommand
{
    private const string Name = "supervisor.schema.json";

    public static Command Build(CommandContext context)
    {
        var command = new Command("schema", "Print the JSON Schema of supervisor.json, for editors.");
        command.SetAction(async (_, cancellationToken) =>
        {
            var path = Path.Combine(AppContext.BaseDirectory, Name);

            try
            {
                await context.Screen.Out.WriteAsync(await File.ReadAllTextAsync(path, cancellationToken));
                return (int)ExitCode.Ok;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailure(ExitCode.Failed, $"{path} cannot be read: {failure.Message} It belongs beside the executable.", inner: failure);
            }
        });
        return command;
    }
}
