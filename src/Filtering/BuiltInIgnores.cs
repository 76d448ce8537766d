using System.Buffers;
using System.Collections.Frozen;

namespace Supervisor.Filtering;

/// <summary>
/// Names that are never sources of a dev server. Only names that nobody gives to a source: <c>dist</c>, <c>build</c>, <c>bin</c>,
/// <c>obj</c>, <c>target</c> and <c>coverage</c> are ordinary names somewhere (a Ruby project's <c>bin</c>, a Django app called
/// <c>build</c>) and are left out only beside what shows that a tool writes there (<see cref="MarkerFile"/>); <c>*.tmp</c> is left to
/// <c>"ignore"</c>: a temporary file with an unknown name vanishes by coalescing, since it is created and renamed away within one batch.
/// Sources: the default lists of watchfiles, chokidar, nodemon and dotnet-watch, a profile that Chromium made, and recordings of editors
/// saving. Pure; any thread.
/// </summary>
public static class BuiltInIgnores
{
    /// <summary>Changes whenever these lists, or what markers mean, do: part of the rules' hash.</summary>
    internal const int Version = 4;

    private const string OwnConfiguration = "supervisor.json";

    // vim makes and removes a file of this name to learn whether it may write in the directory.
    private const string VimProbe = "4913";

    private static readonly SearchValues<char> AlphaNumeric =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> VersionControl =
        Set(".git", ".hg", ".svn", ".jj", ".bzr", ".pijul", ".sl", "CVS", "_darcs");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Directories = Set(
        "node_modules", "bower_components", ".yarn", ".pnpm-store", ".npm", ".next", ".nuxt", ".output", ".svelte-kit", ".astro", ".angular", ".turbo",
        ".vite", ".parcel-cache", ".cache", ".sass-cache", ".nyc_output", ".docusaurus", ".vercel", ".netlify", ".wrangler", ".serverless",
        "__pycache__", ".venv", "venv", ".tox", ".nox", ".eggs", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".pytype", ".pyre",
        ".hypothesis", ".ipynb_checkpoints", "__pypackages__", ".pixi",
        ".gradle", ".terraform", ".bloop", ".metals", ".dart_tool", ".stack-work", "dist-newstyle", ".elixir_ls", "elm-stuff", ".zig-cache",
        "zig-cache", "zig-out", ".build", ".bundle", ".ccls-cache", ".clangd", "CMakeFiles",
        ".idea", ".vscode", ".vs", ".fleet", ".history",
        ".Trash", ".Trashes", "__MACOSX", ".Spotlight-V100", ".fseventsd", ".TemporaryItems", "$RECYCLE.BIN", "System Volume Information", "lost+found",
        "chrome-debug-profile", "chrome-profile", "chrome-user-data", "GCM Store", "GPUCache", "GPUPersistentCache", "Code Cache", "DawnGraphiteCache",
        "DawnWebGPUCache", "GraphiteDawnCache", "GrShaderCache", "ShaderCache", "Local Storage", "Session Storage", "Service Worker", "Sync Data",
        "Extension State", "Site Characteristics Database", "Safe Browsing", "Crashpad", "BrowserMetrics", "component_crx_cache",
        "extensions_crx_cache", "shared_proto_db", "optimization_guide_hint_cache_store");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Files = Set(
        ".DS_Store", ".AppleDouble", ".LSOverride", ".localized", "Icon\r", "Thumbs.db", "ehthumbs.db", "desktop.ini", ".directory", VimProbe,
        "DevToolsActivePort", "SingletonLock", "SingletonCookie", "SingletonSocket");

    public static bool IsVersionControlFolder(ReadOnlySpan<char> name) => VersionControl.Contains(name);

    /// <summary>The directory is neither read nor watched.</summary>
    public static bool IsIgnoredDirectory(ReadOnlySpan<char> name) =>
        Directories.Contains(name) || IsVersionControlFolder(name) || name.EndsWith(".egg-info") || name.StartsWith(".Trash-");

    /// <summary>
    /// Editors' backups, swap and probe files, tools' half-written files, compiled Python, the desktop's own: ignored for everybody.
    /// </summary>
    public static bool IsIgnoredFile(ReadOnlySpan<char> name) =>
        name.IsEmpty || Files.Contains(name) || IsVersionControlFolder(name)
        || IsCompiledPython(name) || IsBackupOrSwap(name) || IsHalfWritten(name);

    /// <summary>
    /// Why the file is no source of a server; null: it may be one. Such files are ignored only where a service does not say which files it wants: with an
    /// <c>include</c> of its own it may well mean them.
    /// </summary>
    public static string? ReasonNotToBeSource(ReadOnlySpan<char> name) =>
        IsServerOutput(name) ? "servers write such files while they serve"
        : name[(name.LastIndexOf('/') + 1)..] is OwnConfiguration ? "supervisor reads it itself"
        : null;

    private static bool IsServerOutput(ReadOnlySpan<char> name) =>
        name.EndsWith(".log") || name.EndsWith(".pid")
        || name.EndsWith(".sqlite3") || name.EndsWith(".sqlite") || name.EndsWith(".db")
        || name.EndsWith("-journal") || name.EndsWith("-wal") || name.EndsWith("-shm");

    private static bool IsCompiledPython(ReadOnlySpan<char> name) => name.EndsWith(".pyc") || name.EndsWith(".pyo");

    private static bool IsBackupOrSwap(ReadOnlySpan<char> name) =>
        name[^1] == '~'                                                              // vim, emacs, gedit: f~; vim's undo: .f.un~
        || IsVimSwap(name)
        || name.StartsWith(".#") || (name is ['#', .., '#'])                         // emacs: lock (a dangling link), auto-save
        || name.EndsWith(".kate-swp")
        || name.StartsWith("._")                                                     // macOS, on foreign file systems
        || name.StartsWith(".~lock.") || name.StartsWith("~$")                       // LibreOffice, Microsoft Office
        || name.StartsWith(".nfs") || name.StartsWith(".fuse_hidden");               // deleted while open

    private static bool IsHalfWritten(ReadOnlySpan<char> name) =>
        name.StartsWith(".goutputstream-")                                           // GLib: gedit and others
        || (name.StartsWith(".subl") && name.EndsWith(".tmp"))                       // Sublime Text
        || name.EndsWith("___jb_tmp___") || name.EndsWith("___jb_old___") || name.EndsWith("___jb_bak___")
        || name.StartsWith("flycheck_")
        || IsSedTemporary(name);

    // .f.swp, .f.swo … .f.swa once there are several, .f.swx while vim probes.
    private static bool IsVimSwap(ReadOnlySpan<char> name) =>
        name is ['.', .., '.', 's', 'w', >= 'a' and <= 'z'];

    // mkstemp("sedXXXXXX"). All six are lower-case letters once in 180 times, and words like "sedentary" always: those are left to
    // coalescing.
    private static bool IsSedTemporary(ReadOnlySpan<char> name) =>
        name.Length == 9 && name.StartsWith("sed")
        && !name[3..].ContainsAnyExcept(AlphaNumeric) && name[3..].ContainsAnyExceptInRange('a', 'z');

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(params string[] names) =>
        names.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
