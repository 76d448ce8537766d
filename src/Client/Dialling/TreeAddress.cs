using System.Text.Json;

namespace Supervisor.Client;

/// <summary>
/// Where the pipes of a running tree are. It lies in the tree's state folder, which shells with different variables agree on, and is written only by the
/// holder of the tree's lock. A killed parent leaves it: the folder may then still have hosts to adopt.
/// </summary>
/// <param name="RuntimeFolder">Absolute.</param>
public sealed record TreeAddress(string RuntimeFolder, int ParentPid)
{
    // The kernel cuts the name of a process at 15 bytes.
    private const string ParentName = "(supervisor-pare";

    /// <summary>
    /// A process with that pid runs and is a parent. Linux only, false elsewhere. After a kill it may be the parent of another tree: a reason to ask for a
    /// few seconds longer, not to signal it.
    /// </summary>
    public bool IsParentAlive
    {
        get
        {
            try
            {
                // "PID (NAME) STATE …"; a killed parent may be a zombie for seconds, and its name stays that long.
                return File.ReadAllText($"/proc/{ParentPid}/stat").Split(ParentName + ") ") is [_, [not 'Z' and not 'X', ..]];
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>null: no tree has run, the last one has stopped in order, or the file is unreadable.</summary>
    public static TreeAddress? TryRead(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ContractJson.Default.TreeAddress) is { } address && Path.IsPathFullyQualified(address.RuntimeFolder)
                ? address
                : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
