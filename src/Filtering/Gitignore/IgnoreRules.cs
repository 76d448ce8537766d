using System.Buffers;
using System.Runtime.InteropServices;

namespace Supervisor.Filtering.Gitignore;

/// <summary>The line that decides about a path, and its file.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct IgnoreVerdict(IgnoreFile File, IgnorePattern Pattern)
{
    public bool IsIgnored => !Pattern.IsNegated;
}

/// <summary>
/// The ignore files that are in force in one directory, as a chain: its own before those of the directories above, up to the repository's top,
/// then <c>info/exclude</c>, then the user's global one. They do not check whether a directory above is excluded: the crawl never enters one that is.
/// Immutable; any thread.
/// </summary>
public sealed class IgnoreRules
{
    private const int ShortPath = 512;

    private readonly IgnoreRules? _above;
    private readonly IgnoreFile _file;
    private readonly int _top;
    private readonly int _base;

    private IgnoreRules(IgnoreRules? above, IgnoreFile file, int top, int start)
    {
        _above = above;
        _file = file;
        _top = top;
        _base = start;
    }

    /// <summary>Adds a file's rules to those of the directories above it.</summary>
    /// <param name="above">Null: the directory is the top.</param>
    /// <param name="directory">What the file's patterns are relative to.</param>
    /// <returns><paramref name="above"/> itself where there is no file.</returns>
    public static IgnoreRules? Add(IgnoreRules? above, IgnoreFile? file, string directory)
    {
        if (file is null)
            return above;

        var start = directory == "/" ? 1 : directory.Length + 1;
        var top = above?._top ?? start;
        return new IgnoreRules(above, file, top, Bytes(directory, start, top));
    }

    /// <summary>The line that decides; null: no line matches the path. Allocates nothing.</summary>
    /// <param name="path">Absolute, beneath the directory of the rules.</param>
    public IgnoreVerdict? Decide(ReadOnlySpan<char> path, bool isDirectory)
    {
        var relative = path[_top..];

        if (relative.Length <= ShortPath)
        {
            Span<byte> small = stackalloc byte[ShortPath * 3];
            return Decide(small[..FileName.Encode(relative, small)], isDirectory);
        }

        var rented = ArrayPool<byte>.Shared.Rent(FileName.MaxBytes(relative.Length));
        var verdict = Decide(rented.AsSpan(0, FileName.Encode(relative, rented)), isDirectory);
        ArrayPool<byte>.Shared.Return(rented);
        return verdict;
    }

    /// <inheritdoc cref="Decide(ReadOnlySpan{char}, bool)"/>
    public bool Ignores(ReadOnlySpan<char> path, bool isDirectory) => Decide(path, isDirectory) is { IsIgnored: true };

    private IgnoreVerdict? Decide(ReadOnlySpan<byte> path, bool isDirectory)
    {
        var name = path[(path.LastIndexOf((byte)'/') + 1)..];

        for (var rules = this; rules is not null; rules = rules._above)
        {
            if (rules._file.Decide(path[rules._base..], name, isDirectory) is { } pattern)
                return new IgnoreVerdict(rules._file, pattern);
        }

        return null;
    }

    private static int Bytes(string directory, int start, int top) =>
        start == top ? 0 : FileName.Encode(directory.AsSpan(top)).Length + 1;
}
