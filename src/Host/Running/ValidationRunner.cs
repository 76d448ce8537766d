using System.Diagnostics.CodeAnalysis;
using Supervisor.Host.StateMachine;
using Supervisor.Host.Validation;

namespace Supervisor.Host.Running;

/// <summary>Runs one validation at a time; the next starts after the superseded one is gone. Only the loop calls it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing that must be freed.")]
internal sealed class ValidationRunner(RunSetup setup, CommandRunner commands, BackgroundTasks backgroundTasks, Func<HostEvent, Task> post)
{
    private int _number;
    private CancellationTokenSource _superseded = new();
    private Task _last = Task.CompletedTask;

    public void Begin(int number, int? port)
    {
        var (before, ended) = (_last, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _number = number;
        _superseded = new CancellationTokenSource();
        _last = ended.Task;
        var superseded = _superseded.Token;

        backgroundTasks.Start(async () =>
        {
            await before;

            try
            {
                await ValidateAsync(number, port, superseded);
            }
            finally
            {
                ended.SetResult();
            }
        });
    }

    public void Cancel(int number)
    {
        if (number == _number)
            _superseded.Cancel();
    }

    private async Task ValidateAsync(int number, int? port, CancellationToken superseded)
    {
        try
        {
            HostEvent? refused = setup.Configuration.ReadForValidation() switch
            {
                PresentConfiguration.Usable(var spec) =>
                    await new Validator(commands, spec, spec.Validate!, setup.Time).ValidateAsync(port ?? spec.Port, superseded) is { } refusal
                        ? new HostEvent.ValidationRefused(number, refusal) : null,
                PresentConfiguration.Unusable(var reason) => new HostEvent.ValidationRefused(number, reason, IsLack: true),
                _ => null,
            };
            await post(refused ?? new HostEvent.ValidationPassed(number));
        }
        catch (OperationCanceledException) when (superseded.IsCancellationRequested)
        {
            // The result is not needed any more.
        }
    }
}
