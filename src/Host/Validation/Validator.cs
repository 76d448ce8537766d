using Supervisor.Processes;

namespace Supervisor.Host.Validation;

/// <summary>Runs the service's validation command on the changed files while the old server serves. Holds nothing between validations.</summary>
internal sealed class Validator(CommandRunner commands, ServiceSpec service, ValidateSpec spec, TimeProvider time)
{
    private const int LinesShown = 5;

    /// <summary>
    /// null: passed; else the reason for the refusal, with its last lines. A command that cannot be started or does not end in time counts as a refusal.
    /// </summary>
    /// <exception cref="OperationCanceledException">A newer change or a stop has superseded this validation.</exception>
    public async Task<string?> ValidateAsync(int? port, CancellationToken superseded)
    {
        using var deadline = new CancellationTokenSource(spec.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(superseded, deadline.Token);

        try
        {
            var result = await commands.RunAsync(service, spec.Command, "validate", port, tell: null, either.Token);
            return result.Exit.IsSuccess ? null : Refusal($"validation {result.Exit.Describe()}", result.LastLines);
        }
        catch (SpawnException failure)
        {
            return $"validation could not be started: {failure.Message}";
        }
        catch (OperationCanceledException) when (!superseded.IsCancellationRequested)
        {
            return $"validation did not end within {spec.Timeout.TotalSeconds:0.#} s and was killed";
        }
    }

    private static string Refusal(string verdict, IReadOnlyList<string> lines) =>
        lines.Count == 0 ? verdict : $"{verdict}: {string.Join('\n', lines.TakeLast(LinesShown))}";
}
