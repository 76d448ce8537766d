namespace Supervisor.Filtering;

/// <summary>What names in a directory say about it and about the directories in it, whoever wants to watch them.</summary>
[Flags]
public enum DirectoryMarks
{
    None = 0,

    /// <summary><c>.gitignore</c>: it brings rules.</summary>
    IgnoreFile = 1 << 0,

    /// <summary><c>.git</c>, a folder or a file that points to one: a repository's top.</summary>
    Repository = 1 << 1,

    /// <summary><c>CACHEDIR.TAG</c> (see bford.info/cachedir): everything in it can be made again.</summary>
    Cache = 1 << 2,

    /// <summary>Chrome and its kin keep a user's data here.</summary>
    ChromeProfile = 1 << 3,

    /// <summary>Made by <c>cmake</c>, unless the sources lie here as well.</summary>
    CMakeBuild = 1 << 4,
    CMakeProject = 1 << 5,

    /// <summary>Python's <c>venv</c> has put an environment here, perhaps among sources.</summary>
    VirtualEnvironment = 1 << 6,
    NodeProject = 1 << 7,
    CargoProject = 1 << 8,
    MavenProject = 1 << 9,
    GradleProject = 1 << 10,
    DotNetProject = 1 << 11,
    SetuptoolsProject = 1 << 12,
    PythonProject = 1 << 13,
    MixProject = 1 << 14,
    ComposerProject = 1 << 15,
    DartProject = 1 << 16,

    /// <summary>Those that bring rules of git's.</summary>
    Git = IgnoreFile | Repository,
}

/// <summary>Reads marks off names, and rules off marks. Pure; any thread.</summary>
public static class DirectoryMark
{
    /// <summary>For nearly every name, none. Allocates nothing.</summary>
    public static DirectoryMarks Of(ReadOnlySpan<byte> name)
    {
        // Most names are told from all of these by their length and first letter.
        switch (name)
        {
            case [(byte)'.', ..]:
                return name.SequenceEqual(".gitignore"u8) ? DirectoryMarks.IgnoreFile : name.SequenceEqual(".git"u8) ? DirectoryMarks.Repository : DirectoryMarks.None;

            case [(byte)'p', ..]:
                return OfP(name);

            case [(byte)'C', ..]:
                return name.SequenceEqual("CACHEDIR.TAG"u8) ? DirectoryMarks.Cache
                    : name.SequenceEqual("CMakeCache.txt"u8) ? DirectoryMarks.CMakeBuild
                    : name.SequenceEqual("CMakeLists.txt"u8) ? DirectoryMarks.CMakeProject
                    : name.SequenceEqual("Cargo.toml"u8) ? DirectoryMarks.CargoProject
                    : OfExtension(name);

            case [(byte)'L' or (byte)'S', ..]:
                return name.SequenceEqual("Local State"u8) || name.SequenceEqual("Secure Preferences"u8) || name.SequenceEqual("SingletonLock"u8)
                    ? DirectoryMarks.ChromeProfile
                    : OfExtension(name);

            case [(byte)'b' or (byte)'s', ..]:
                return name.SequenceEqual("build.gradle"u8) || name.SequenceEqual("build.gradle.kts"u8) || name.SequenceEqual("settings.gradle"u8)
                    || name.SequenceEqual("settings.gradle.kts"u8) ? DirectoryMarks.GradleProject
                    : name.SequenceEqual("setup.py"u8) ? DirectoryMarks.SetuptoolsProject
                    : name.SequenceEqual("build.sbt"u8) ? DirectoryMarks.MavenProject
                    : OfExtension(name);

            default:
                return name.SequenceEqual("mix.exs"u8) ? DirectoryMarks.MixProject
                    : name.SequenceEqual("composer.json"u8) ? DirectoryMarks.ComposerProject
                    : OfExtension(name);
        }
    }

    /// <summary>Nothing in such a directory is anybody's source. It stays listened to, so that it is noticed when the mark goes.</summary>
    internal static bool IsLitter(DirectoryMarks marks) =>
        (marks & (DirectoryMarks.Cache | DirectoryMarks.ChromeProfile)) != DirectoryMarks.None
        || (marks & (DirectoryMarks.CMakeBuild | DirectoryMarks.CMakeProject)) == DirectoryMarks.CMakeBuild;

    /// <summary>
    /// The project that a directory belongs to writes into it, as far as the tools' own defaults go; null: it does not. So <c>target</c> is a build
    /// output beside a <c>Cargo.toml</c> and an ordinary name elsewhere. <c>build</c> beside a <c>package.json</c> is no such case: some keep
    /// their dev server's own sources there.
    /// </summary>
    /// <param name="marks">Of the directory that it lies in.</param>
    internal static DirectoryMarks OutputOf(DirectoryMarks marks, ReadOnlySpan<char> name)
    {
        var makers = name switch
        {
            "target" => DirectoryMarks.CargoProject | DirectoryMarks.MavenProject,
            "bin" => DirectoryMarks.DotNetProject | DirectoryMarks.VirtualEnvironment,
            "obj" => DirectoryMarks.DotNetProject,
            "build" => DirectoryMarks.GradleProject | DirectoryMarks.SetuptoolsProject | DirectoryMarks.DartProject | DirectoryMarks.CMakeProject,
            "dist" => DirectoryMarks.NodeProject | DirectoryMarks.SetuptoolsProject | DirectoryMarks.PythonProject,
            "coverage" => DirectoryMarks.NodeProject,
            "vendor" => DirectoryMarks.ComposerProject,
            "deps" or "_build" => DirectoryMarks.MixProject,
            "lib" or "lib64" or "include" or "share" or "Lib" or "Scripts" or "Include" => DirectoryMarks.VirtualEnvironment,
            _ when name.StartsWith("cmake-build-") => DirectoryMarks.CMakeProject,
            _ => DirectoryMarks.None,
        };

        return marks & makers;
    }

    /// <summary>For people: the file that shows it.</summary>
    internal static string Describe(DirectoryMarks mark) => mark switch
    {
        _ when mark.HasFlag(DirectoryMarks.Cache) => "CACHEDIR.TAG",
        _ when mark.HasFlag(DirectoryMarks.ChromeProfile) => "Local State (a Chrome profile)",
        _ when mark.HasFlag(DirectoryMarks.CMakeBuild) => "CMakeCache.txt",
        _ when mark.HasFlag(DirectoryMarks.CMakeProject) => "CMakeLists.txt",
        _ when mark.HasFlag(DirectoryMarks.VirtualEnvironment) => "pyvenv.cfg",
        _ when mark.HasFlag(DirectoryMarks.NodeProject) => "package.json",
        _ when mark.HasFlag(DirectoryMarks.CargoProject) => "Cargo.toml",
        _ when mark.HasFlag(DirectoryMarks.MavenProject) => "pom.xml or build.sbt",
        _ when mark.HasFlag(DirectoryMarks.GradleProject) => "build.gradle",
        _ when mark.HasFlag(DirectoryMarks.DotNetProject) => "a .NET project file",
        _ when mark.HasFlag(DirectoryMarks.SetuptoolsProject) => "setup.py",
        _ when mark.HasFlag(DirectoryMarks.PythonProject) => "pyproject.toml",
        _ when mark.HasFlag(DirectoryMarks.MixProject) => "mix.exs",
        _ when mark.HasFlag(DirectoryMarks.ComposerProject) => "composer.json",
        _ => "pubspec.yaml",
    };

    private static DirectoryMarks OfP(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("package.json"u8) ? DirectoryMarks.NodeProject
        : name.SequenceEqual("pyvenv.cfg"u8) ? DirectoryMarks.VirtualEnvironment
        : name.SequenceEqual("pyproject.toml"u8) ? DirectoryMarks.PythonProject
        : name.SequenceEqual("pom.xml"u8) ? DirectoryMarks.MavenProject
        : name.SequenceEqual("pubspec.yaml"u8) ? DirectoryMarks.DartProject
        : OfExtension(name);

    private static DirectoryMarks OfExtension(ReadOnlySpan<byte> name) =>
        name.EndsWith("proj"u8) && (name.EndsWith(".csproj"u8) || name.EndsWith(".fsproj"u8) || name.EndsWith(".vbproj"u8))
            ? DirectoryMarks.DotNetProject
            : DirectoryMarks.None;
}
