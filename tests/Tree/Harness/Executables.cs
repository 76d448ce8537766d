using System.Reflection;

namespace Supervisor.Tree.Harness;

/// <summary>The paths of the executables under test: of this build, or in the folder that SUPERVISOR_BIN names (a native build).</summary>
internal static class Executables
{
    public static string Folder { get; } = Environment.GetEnvironmentVariable("SUPERVISOR_BIN") is { Length: > 0 } named
        ? Path.GetFullPath(named)
        : Metadata("Executables");

    public static string Supervisor { get; } = Path.Combine(Folder, "supervisor");

    public static string Puppet { get; } = Path.Combine(Metadata("Puppet"), "puppet");

    public static string Repository { get; } = Metadata("Repository");

    /// <summary>True for the NativeAOT build, which has no managed assembly beside the executable.</summary>
    public static bool AreNative => !File.Exists(Path.Combine(Folder, "supervisor.dll"));

    private static string Metadata(string key) =>
        typeof(Executables).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == key).Value!;
}
