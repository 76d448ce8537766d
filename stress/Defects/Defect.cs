namespace Supervisor.Stress.Defects;

/// <summary>A defect that is put into a copy of the product on purpose: a harness that does not find it would find no real one either.</summary>
/// <param name="Name">Of its patch, too: <c>Defects/NAME.patch</c>.</param>
/// <param name="Summary">What the patched product does wrong.</param>
/// <param name="Breaks">The name of the invariant that must be violated.</param>
internal sealed record Defect(string Name, string Summary, string Breaks);
