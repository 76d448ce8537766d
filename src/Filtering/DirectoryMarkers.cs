namespace Supervisor.Filtering;

/// <summary>What marker files in a directory say about it and its subdirectories, for every service.</summary>
[Flags]
public enum DirectoryMarkers
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

    /// <summary>
    /// A checkout of its own: a <see cref="Repository"/> that is no submodule (<see cref="Gitignore.CheckoutRule"/>). No name alone says so. Counts only
    /// below a watch path.
    /// </summary>
    Checkout = 1 << 17,

    /// <summary>The markers with gitignore rules.</summary>
    Git = IgnoreFile | Repository,
}

/// <summary>Maps names to markers, and markers to rules. Pure; any thread.</summary>
public static class MarkerFile
{
    /// <summary>None for nearly every name. Allocates nothing.</summary>
    public static DirectoryMarkers Of(ReadOnlySpan<byte> name)
    {
        // The first letter rules out most names at once.
        switch (name)
        {
            case [(byte)'.', ..]:
                return name.SequenceEqual(".gitignore"u8) ? DirectoryMarkers.IgnoreFile : name.SequenceEqual(".git"u8) ? DirectoryMarkers.Repository : DirectoryMarkers.None;

            case [(byte)'p', ..]:
                return OfP(name);

            case [(byte)'C', ..]:
                return name.SequenceEqual("CACHEDIR.TAG"u8) ? DirectoryMarkers.Cache
                    : name.SequenceEqual("CMakeCache.txt"u8) ? DirectoryMarkers.CMakeBuild
                    : name.SequenceEqual("CMakeLists.txt"u8) ? DirectoryMarkers.CMakeProject
                    : name.SequenceEqual("Cargo.toml"u8) ? DirectoryMarkers.CargoProject
                    : OfExtension(name);

            case [(byte)'L' or (byte)'S', ..]:
                return name.SequenceEqual("Local State"u8) || name.SequenceEqual("Secure Preferences"u8) || name.SequenceEqual("SingletonLock"u8)
                    ? DirectoryMarkers.ChromeProfile
                    : OfExtension(name);

            case [(byte)'b' or (byte)'s', ..]:
                return name.SequenceEqual("build.gradle"u8) || name.SequenceEqual("build.gradle.kts"u8) || name.SequenceEqual("settings.gradle"u8)
                    || name.SequenceEqual("settings.gradle.kts"u8) ? DirectoryMarkers.GradleProject
                    : name.SequenceEqual("setup.py"u8) ? DirectoryMarkers.SetuptoolsProject
                    : name.SequenceEqual("build.sbt"u8) ? DirectoryMarkers.MavenProject
                    : OfExtension(name);

            default:
                return name.SequenceEqual("mix.exs"u8) ? DirectoryMarkers.MixProject
                    : name.SequenceEqual("composer.json"u8) ? DirectoryMarkers.ComposerProject
                    : OfExtension(name);
        }
    }

    /// <summary>
    /// Nothing in such a directory is wanted: it is generated, or another checkout's. The directory itself stays watched, so that the removal of the
    /// marker is noticed.
    /// </summary>
    internal static bool IsLeftOut(DirectoryMarkers markers) =>
        (markers & (DirectoryMarkers.Cache | DirectoryMarkers.ChromeProfile | DirectoryMarkers.Checkout)) != DirectoryMarkers.None
        || (markers & (DirectoryMarkers.CMakeBuild | DirectoryMarkers.CMakeProject)) == DirectoryMarkers.CMakeBuild;

    /// <summary>
    /// The project that a directory belongs to writes into it, as far as the tools' own defaults go; null: it does not. So <c>target</c> is a build
    /// output beside a <c>Cargo.toml</c> and an ordinary name elsewhere. <c>build</c> beside a <c>package.json</c> is no such case: some keep
    /// their dev server's own sources there.
    /// </summary>
    /// <param name="markers">Of the directory that it lies in.</param>
    internal static DirectoryMarkers OutputOf(DirectoryMarkers markers, ReadOnlySpan<char> name)
    {
        var makers = name switch
        {
            "target" => DirectoryMarkers.CargoProject | DirectoryMarkers.MavenProject,
            "bin" => DirectoryMarkers.DotNetProject | DirectoryMarkers.VirtualEnvironment,
            "obj" => DirectoryMarkers.DotNetProject,
            "build" => DirectoryMarkers.GradleProject | DirectoryMarkers.SetuptoolsProject | DirectoryMarkers.DartProject | DirectoryMarkers.CMakeProject,
            "dist" => DirectoryMarkers.NodeProject | DirectoryMarkers.SetuptoolsProject | DirectoryMarkers.PythonProject,
            "coverage" => DirectoryMarkers.NodeProject,
            "vendor" => DirectoryMarkers.ComposerProject,
            "deps" or "_build" => DirectoryMarkers.MixProject,
            "lib" or "lib64" or "include" or "active" or "Lib" or "Scripts" or "Include" => DirectoryMarkers.VirtualEnvironment,
            _ when name.StartsWith("cmake-build-") => DirectoryMarkers.CMakeProject,
            _ => DirectoryMarkers.None,
        };

        return markers & makers;
    }

    /// <summary>For users: the marker file's name.</summary>
    internal static string Describe(DirectoryMarkers mark) => mark switch
    {
        _ when mark.HasFlag(DirectoryMarkers.Cache) => "CACHEDIR.TAG",
        _ when mark.HasFlag(DirectoryMarkers.ChromeProfile) => "Local State (a Chrome profile)",
        _ when mark.HasFlag(DirectoryMarkers.CMakeBuild) => "CMakeCache.txt",
        _ when mark.HasFlag(DirectoryMarkers.CMakeProject) => "CMakeLists.txt",
        _ when mark.HasFlag(DirectoryMarkers.VirtualEnvironment) => "pyvenv.cfg",
        _ when mark.HasFlag(DirectoryMarkers.NodeProject) => "package.json",
        _ when mark.HasFlag(DirectoryMarkers.CargoProject) => "Cargo.toml",
        _ when mark.HasFlag(DirectoryMarkers.MavenProject) => "pom.xml or build.sbt",
        _ when mark.HasFlag(DirectoryMarkers.GradleProject) => "build.gradle",
        _ when mark.HasFlag(DirectoryMarkers.DotNetProject) => "a .NET project file",
        _ when mark.HasFlag(DirectoryMarkers.SetuptoolsProject) => "setup.py",
        _ when mark.HasFlag(DirectoryMarkers.PythonProject) => "pyproject.toml",
        _ when mark.HasFlag(DirectoryMarkers.MixProject) => "mix.exs",
        _ when mark.HasFlag(DirectoryMarkers.ComposerProject) => "composer.json",
        _ => "pubspec.yaml",
    };

    private static DirectoryMarkers OfP(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("package.json"u8) ? DirectoryMarkers.NodeProject
        : name.SequenceEqual("pyvenv.cfg"u8) ? DirectoryMarkers.VirtualEnvironment
        : name.SequenceEqual("pyproject.toml"u8) ? DirectoryMarkers.PythonProject
        : name.SequenceEqual("pom.xml"u8) ? DirectoryMarkers.MavenProject
        : name.SequenceEqual("pubspec.yaml"u8) ? DirectoryMarkers.DartProject
        : OfExtension(name);

    private static DirectoryMarkers OfExtension(ReadOnlySpan<byte> name) =>
        name.EndsWith("proj"u8) && (name.EndsWith(".csproj"u8) || name.EndsWith(".fsproj"u8) || name.EndsWith(".vbproj"u8))
            ? DirectoryMarkers.DotNetProject
            : DirectoryMarkers.None;
}
