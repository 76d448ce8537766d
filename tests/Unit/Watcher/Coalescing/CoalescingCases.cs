using System.Text.Json;
using Supervisor.Watcher.Coalescing;

namespace Supervisor.Unit.Watcher.Coalescing;

/// <summary>What editors and tools do, as recorded: each file in <c>cases</c> has a tree, what is done to it, and the net effect.</summary>
public sealed class CoalescingCases
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Watcher", "Coalescing", "cases");

    public static TheoryData<string> Names => new(
        Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_batch_says_the_net_effect(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, name + ".json"));
        var recorded = JsonSerializer.Deserialize<Case>(text, JsonSerializerOptions.Web)!;
        var pending = new PendingChanges(recorded.Compare);
        var tree = new ModelTree(recorded.State, contentIsKnown: !recorded.Unread, pending.Record);

        foreach (var happened in recorded.Events)
            tree.Do(happened);

        pending.Take(int.MaxValue).Select(change => $"{change.Kind.ToString()[0]} {change.Path}")
            .Should().Equal(recorded.Expected, "{0} ({1})", recorded.Scenario, recorded.Source);
        pending.Count.Should().Be(0);
    }

    private sealed record Case(
        string Scenario, string Source, CompareMode Compare, bool Unread,
        IReadOnlyDictionary<string, string> State, IReadOnlyList<string> Events, IReadOnlyList<string> Expected);
}
