using System.Globalization;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>Under which settings a history is played.</summary>
/// <param name="Settle">null: adaptive.</param>
/// <param name="UsesGitignore">The tree is a repository, and its ignore files count.</param>
/// <param name="HasSmallDisk">The runtime folder is a separate file system of half a megabyte, or an ordinary folder if mounting is not permitted.</param>
internal sealed record ModelSettings(CompareMode Compare, TimeSpan? Settle, bool HasSmallDisk, bool UsesGitignore = false)
{
    private const string Adaptive = "adaptive";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Compare} {Settle?.TotalMilliseconds.ToString(CultureInfo.InvariantCulture) ?? Adaptive} {HasSmallDisk} {UsesGitignore}");

    public static ModelSettings Parse(string line)
    {
        var parts = line.Split(' ');
        TimeSpan? settle = parts[1] == Adaptive ? null : TimeSpan.FromMilliseconds(double.Parse(parts[1], CultureInfo.InvariantCulture));
        return new ModelSettings(Enum.Parse<CompareMode>(parts[0]), settle, bool.Parse(parts[2]), bool.Parse(parts[3]));
    }
}

/// <summary>What happens, one step after the other: a value that can be printed, parsed, cut and played again.</summary>
internal sealed record History(ModelSettings Settings, IReadOnlyList<Operation> Steps)
{
    public static History Parse(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new History(ModelSettings.Parse(lines[0]), [.. lines.Skip(1).Select(Operation.Parse)]);
    }

    /// <summary>One line each; <see cref="Parse"/> takes it back.</summary>
    public override string ToString() => string.Join('\n', [Settings.ToString(), .. Steps.Select(step => step.ToString())]);
}
