using Supervisor.Processes;

namespace Supervisor.Host.Validation;

/// <summary>Runs a build or a validation while the old server serves. Holds nothing between runs.</summary>
/// <param name="kind"><see cref="Build"/> or <see cref="Validation"/>: verdicts begin with it, and the scope is called so.</param>
internal sealed class PreflightCommand(CommandRunner commands, ServiceSpec service, string kind, TimeProvider time)
{
    public const string Build = "build";
    public const string Validation = "validation";

    /// <summary>How long a command that is ended early may take to remove what it has half written: make and compilers do.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>
    /// null: passed; else the reason for the refusal, with its last lines. A command that cannot be started or does not end in time counts as a refusal.
    /// </summary>
    /// <param name="linesShown">The most lines of its output in the reason.</param>
    /// <exception cref="OperationCanceledException">A newer change or a stop has superseded this run.</exception>
    public async Task<string?> RunAsync(IReadOnlyList<string> command, TimeSpan timeout, int linesShown, int? port, CancellationToken superseded)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(superseded, deadline.Token);

        try
        {
            var result = await commands.RunAsync(service, command, kind, port, Grace, tell: null, either.Token);
            return result.Exit.IsSuccess ? null : Refusal($"{kind} {result.Exit.Describe()}", result.LastLines, linesShown);
        }
        catch (SpawnException failure)
        {
            return $"{kind} could not be started: {failure.Message}";
        }
        catch (OperationCanceledException) when (!superseded.IsCancellationRequested)
        {
            return $"{kind} did not end within {timeout.TotalSeconds:0.#} s and was killed";
        }
    }

    private static string Refusal(string verdict, IReadOnlyList<string> lines, int linesShown) =>
        lines.Count == 0 ? verdict : $"{verdict}: {string.Join('\n', lines.TakeLast(linesShown))}";
}
