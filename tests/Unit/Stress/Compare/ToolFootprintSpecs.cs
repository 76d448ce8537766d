using Supervisor.Stress.Compare;

namespace Supervisor.Unit.Stress;

public sealed class ToolFootprintSpecs
{
    // 1: the tool; 2: its server; 3: a child of the server; 4: another child of the tool.
    private static readonly Dictionary<int, int> Parents = new() { [1] = 0, [2] = 1, [3] = 2, [4] = 1 };

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void A_server_and_its_descendants_do_not_count_as_the_tool(int pid, bool belongs) =>
        ToolFootprint.BelongsToServer(pid, Parents, new HashSet<int> { 2 }).Should().Be(belongs);
}
