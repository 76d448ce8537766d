using Supervisor.Host.Links;
using Supervisor.Host.StateMachine;
using Supervisor.Host.Validation;

namespace Supervisor.Host.Running;

/// <summary>Runs the commands that come before a start or a reload: the build and the validation.</summary>
internal sealed class PreflightCommands(RunSetup setup, CommandRunner commands, BackgroundTasks backgroundTasks, Func<HostEvent, Task> post)
{
    private const int LinesOfValidation = 5;
    private const int LinesOfBuild = 10;

    public CommandSequence Builds => field ??= new CommandSequence(BuildAsync, backgroundTasks, post);

    public CommandSequence Validations => field ??= new CommandSequence(ValidateAsync, backgroundTasks, post);

    private async Task<HostEvent> BuildAsync(int number, int? port, CancellationToken superseded)
    {
        var present = setup.Configuration.ReadForPreflight();

        if (present is PresentConfiguration.Unusable(var lack))
            return new HostEvent.BuildFailed(number, lack, IsLack: true);

        if (present is not PresentConfiguration.Usable({ Build: { } build } spec))
            return new HostEvent.BuildPassed(number);

        var refusal = await new PreflightCommand(commands, spec, PreflightCommand.Build, setup.Time)
            .RunAsync(build.Command, build.Timeout, LinesOfBuild, port ?? spec.Port, superseded);

        // What the build wrote, and what was saved meanwhile, is told before its end is.
        if (spec.Watch is not null)
            await DeliveredChanges.WaitAsync(setup.PipePath, setup.Time, superseded);

        return refusal is null ? new HostEvent.BuildPassed(number) : new HostEvent.BuildFailed(number, refusal);
    }

    private async Task<HostEvent> ValidateAsync(int number, int? port, CancellationToken superseded)
    {
        var present = setup.Configuration.ReadForPreflight();

        if (present is PresentConfiguration.Unusable(var lack))
            return new HostEvent.ValidationRefused(number, lack, IsLack: true);

        if (present is not PresentConfiguration.Usable({ Validate: { } validate } spec))
            return new HostEvent.ValidationPassed(number);

        var refusal = await new PreflightCommand(commands, spec, PreflightCommand.Validation, setup.Time)
            .RunAsync(validate.Command, validate.Timeout, LinesOfValidation, port ?? spec.Port, superseded);
        return refusal is null ? new HostEvent.ValidationPassed(number) : new HostEvent.ValidationRefused(number, refusal);
    }
}
