using Supervisor.Stress.Faults;

namespace Supervisor.Unit.Stress;

public sealed class FaultCatalogueSpecs
{
    [Fact]
    public void No_two_faults_share_a_name() => FaultCatalogue.All.Select(fault => fault.Name).Should().OnlyHaveUniqueItems();

    [Fact]
    public void Every_fault_is_named_after_its_target() => FaultCatalogue.All.Should().AllSatisfy(fault =>
        fault.Name.Split('-')[0].Should().BeOneOf($"{fault.Target}".ToLowerInvariant(), "queue"));

    [Fact]
    public void Every_fault_has_a_one_line_summary() =>
        FaultCatalogue.All.Should().AllSatisfy(fault => fault.Summary.Should().NotContain("\n").And.EndWith(".").And.Match(summary => summary.Length <= 130));
}
