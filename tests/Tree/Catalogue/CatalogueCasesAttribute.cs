using System.Reflection;
using Supervisor.Tree.Harness;
using Xunit.Sdk;

namespace Supervisor.Tree.Catalogue;

/// <summary>
/// The titles of the lines of one catalogue file that need exactly these programs. A theory has one such attribute per combination, because xunit skips by
/// attribute.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class CatalogueCasesAttribute(string file, params string[] programs) : DataAttribute
{
    private readonly NeedsFactAttribute _needs = new(["/usr/bin/python3", .. programs]);

    public string File => file;

    // Removing privileges from the watcher, or mounting for it alone, needs root.
    public override string Skip =>
        Environment.UserName != "root" && programs.Any(program => program is "setpriv" or "unshare") ? "only root can run it" : _needs.Skip;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Titles.Select(title => new object[] { title });

    public IEnumerable<string> Titles =>
        CatalogueCase.Load(file).Where(line => line.Programs.ToHashSet(StringComparer.Ordinal).SetEquals(programs)).Select(line => line.Title);
}
