using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Invariants;

/// <summary>After the tree is stopped, none of its processes, zombies, bound ports and temporary files remain.</summary>
internal sealed class NothingIsLeftBehind : IInvariant
{
    private readonly CheckCounter _checks = new();

    public string Name => "Nothing is left behind";

    public InvariantVerdict Verdict => _checks.Verdict(
        Name, $"{VerdictFormat.Count(_checks.Violated)} found among processes, zombies, ports and files", notApplicable: null);

    public void Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case LeftoverFound found:
                _checks.Fail(found.At, $"{found.What}: {found.Detail}");
                break;

            case RunEnded when _checks.Violated == 0:
                _checks.Pass();
                break;
        }
    }
}
