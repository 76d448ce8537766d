using Supervisor.Cli.Init.Reading;

namespace Supervisor.Cli.Init;

/// <summary>Which files a configuration is made from. Pure.</summary>
/// <param name="Unused">Found, and left out for the sake of a used one.</param>
internal sealed record SourceChoice(IReadOnlyList<(string File, SourceFormat Format)> Used, IReadOnlyList<string> Unused)
{
    /// <summary>The first process file; else all programs; else the containers.</summary>
    public static SourceChoice Of(ProjectFiles files)
    {
        var found = SourceFormats.All.SelectMany(format => files.Texts.Keys
                .Where(path => (format.Tier != SourceTier.Program || format.IsOne(files, path)) && format.IsFoundAt(files, path))
                .OrderBy(path => path.Count(c => c == '/')).ThenBy(path => path, StringComparer.Ordinal)
                .Select(path => (File: path, Format: format)))
            .ToArray();

        var used = found.Take(1).Where(it => it.Format.Tier == SourceTier.ProcessFile).ToArray();
        used = used.Length > 0 ? used : [.. found.Where(it => it.Format.Tier == SourceTier.Program)];
        used = used.Length > 0 ? used : [.. found.Take(1)];
        return new SourceChoice(used, [.. found.Except(used).Select(it => it.File)]);
    }

    /// <param name="named">Of <c>--from</c>, in this order.</param>
    /// <exception cref="UnreadableSourceException">A file is of no known format.</exception>
    public static SourceChoice Named(ProjectFiles files, IReadOnlyList<string> named) => new(
        [.. named.Select(file => (file, SourceFormats.All.FirstOrDefault(format => format.IsOne(files, file))
            ?? throw new UnreadableSourceException(new SourcePlace(file, 0), $"is none of the files that init knows: {string.Join(", ", SourceFormats.All.Select(format => format.Names))}")))],
        []);
}
