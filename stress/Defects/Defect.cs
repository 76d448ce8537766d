namespace Supervisor.Stress.Defects;

/// <summary>A defect that is patched into a copy of the product on purpose. A harness that misses it would miss a real one too.</summary>
/// <param name="Name">Also the name of its patch: <c>Defects/NAME.patch</c>.</param>
/// <param name="Summary">What the patched product does wrong.</param>
/// <param name="Breaks">The name of the invariant that must be violated.</param>
internal sealed record Defect(string Name, string Summary, string Breaks);
