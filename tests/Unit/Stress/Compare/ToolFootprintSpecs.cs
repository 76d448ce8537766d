using Supervisor.Stress.Compare;

namespace Supervisor.Unit.Stress;

public sealed class ToolFootprintSpecs
{
    // 1 the tool, 2 its server, 3 what the server has started, 4 what the tool has started besides.
    private static readonly Dictionary<int, int> Parents = new() { [1] = 0, [2] = 1, [3] = 2, [4] = 1 };

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void A_server_and_what_it_has_started_are_not_the_tool(int pid, bool belongs) =>
        ToolFootprint.BelongsToServer(pid, Parents, new HashSet<int> { 2 }).Should().Be(belongs);
}
