using Supervisor.Host.Validation;
using Supervisor.Processes;

namespace Supervisor.Host.Probing;

/// <summary>Succeeds if the command exits with 0.</summary>
/// <param name="name">Of the scope of its processes.</param>
internal sealed class ExecProbe(CommandRunner commands, ServiceSpec spec, IReadOnlyList<string> command, string name, int? port) : IProbe
{
    /// <summary>A command takes longer than a connection, because an interpreter may have to start.</summary>
    public TimeSpan AttemptTimeout => TimeSpan.FromSeconds(10);

    public async Task<string?> AttemptAsync(CancellationToken cancellationToken)
    {
        try
        {
            var result = await commands.RunAsync(spec, command, name, port, grace: TimeSpan.Zero, tell: null, cancellationToken);
            return result.Exit.IsSuccess ? null : $"{command[0]} {result.Exit.Describe()}";
        }
        catch (SpawnException failure)
        {
            return failure.Message;
        }
    }
}
