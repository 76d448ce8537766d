namespace Supervisor.Unit.Processes;

/// <summary>The base class of specs with real processes: each test has its own fixture, which proves at the end that no process is left.</summary>
public abstract class ProcessSpecs : IAsyncLifetime
{
    private protected ProcessFixture Fixture { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Fixture.DisposeAsync();
}
