namespace Supervisor.Unit.Host;

/// <summary>A hundred thousand events in random order, answered by a simulation of processes, ports and validations; the invariants always hold.</summary>
public sealed class HostMachineRandomSpecs
{
    private const int Sequences = 500;
    private const int EventsPerSequence = 200;

    [Fact]
    public void The_invariants_hold_for_any_order_of_events()
    {
        for (var seed = 0; seed < Sequences; seed++)
        {
            var environment = new SimulatedEnvironment(seed);

            try
            {
                for (var step = 0; step < EventsPerSequence; step++)
                    environment.RandomEvent();

                environment.RunToRest();
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {failure.Message}\n{string.Join('\n', environment.History.TakeLast(30))}", failure);
            }
        }
    }
}
