using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Judging;

/// <summary>After the tree was stopped, there is no process, no zombie, no bound port and no temporary file of it.</summary>
internal sealed class NothingIsLeftBehind : IInvariant
{
    private readonly Tally _tally = new();

    public string Name => "Nothing is left behind";

    public InvariantVerdict Verdict => _tally.Verdict(
        Name, $"{Words.Count(_tally.Violated)} found: processes, zombies, ports and files were looked for", notApplicable: null);

    public void See(RunEvent happened)
    {
        switch (happened)
        {
            case LeftBehindFound found:
                _tally.Fail(found.At, $"{found.What}: {found.Detail}");
                break;

            case RunEnded when _tally.Violated == 0:
                _tally.Pass();
                break;
        }
    }
}
