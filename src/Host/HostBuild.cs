namespace Supervisor.Host;

/// <summary>Which build this is, as told in the hello.</summary>
internal static class HostBuild
{
    public static readonly string Version = typeof(HostBuild).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "0";
}
