namespace Supervisor.Unit.Processes;

/// <summary>Specs that play with real processes: each gets a stage of its own, which afterwards proves to be empty.</summary>
public abstract class Staged : IAsyncLifetime
{
    private protected Stage Here { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Here.DisposeAsync();
}
