using Supervisor.Stress.Project;

namespace Supervisor.Stress.Jobs;

/// <summary>How editors save: the recorded system calls of each; vim and sed themselves where they are installed.</summary>
internal static class Editors
{
    /// <param name="file">Absolute, exists.</param>
    public delegate Task Save(string file, string content, CancellationToken stopping);

    public static IReadOnlyList<Save> All { get; } =
    [
        InPlaceAsync, RenamedOverAsync, VsCodeAsync, JetBrainsAsync, EmacsAsync, GeditAsync,
        InstalledTools.Local.Has(Tool.Vim) ? VimAsync : VimSequenceAsync,
        InstalledTools.Local.Has(Tool.Sed) ? SedAsync : RenamedOverAsync,
    ];

    /// <summary>nano and VS Code by default: for a moment the file is empty, then half written.</summary>
    private static async Task InPlaceAsync(string file, string content, CancellationToken stopping)
    {
        await using var stream = new FileStream(file, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await using var writer = new StreamWriter(stream);
        await writer.WriteAsync(content.AsMemory(0, content.Length / 2), stopping);
        await writer.FlushAsync(stopping);
        await writer.WriteAsync(content.AsMemory(content.Length / 2), CancellationToken.None);
    }

    private static Task RenamedOverAsync(string file, string content, CancellationToken stopping) => ReplaceAsync(file, file + ".tmp", content, stopping);

    /// <summary>With <c>files.atomicSave</c>.</summary>
    private static Task VsCodeAsync(string file, string content, CancellationToken stopping) => ReplaceAsync(file, file + ".vsctmp", content, stopping);

    private static Task GeditAsync(string file, string content, CancellationToken stopping) =>
        ReplaceAsync(file, Path.Combine(Path.GetDirectoryName(file)!, ".goutputstream-7Q0KZ3"), content, stopping);

    /// <summary>"Safe write": the old file is moved away before the new one is moved in, so for a moment there is none.</summary>
    private static async Task JetBrainsAsync(string file, string content, CancellationToken stopping)
    {
        await File.WriteAllTextAsync(file + "___jb_tmp___", content, stopping);
        File.Move(file, file + "___jb_old___");
        File.Move(file + "___jb_tmp___", file);
        File.Delete(file + "___jb_old___");
    }

    /// <summary>A lock file that is a dangling link, an auto-save file, the old file renamed to the backup, the new one written in its place.</summary>
    private static async Task EmacsAsync(string file, string content, CancellationToken stopping)
    {
        var (folder, name) = (Path.GetDirectoryName(file)!, Path.GetFileName(file));
        var locked = Path.Combine(folder, ".#" + name);
        var autoSaved = Path.Combine(folder, $"#{name}#");
        File.CreateSymbolicLink(locked, "developer@localhost.1234:1700000000");
        await File.WriteAllTextAsync(autoSaved, content, CancellationToken.None);
        File.Move(file, file + "~", overwrite: true);
        await File.WriteAllTextAsync(file, content, CancellationToken.None);
        File.Delete(autoSaved);
        File.Delete(locked);
    }

    /// <summary>A test file to see whether the folder is writable, the old file renamed to the backup, the new one written, the backup removed.</summary>
    private static async Task VimSequenceAsync(string file, string content, CancellationToken stopping)
    {
        var probe = Path.Combine(Path.GetDirectoryName(file)!, "4913");
        await File.WriteAllTextAsync(probe, "", stopping);
        File.Delete(probe);
        File.Move(file, file + "~", overwrite: true);
        await File.WriteAllTextAsync(file, content, CancellationToken.None);
        File.Delete(file + "~");
    }

    /// <summary>Commands and text come from standard input; a line with a single dot ends the text. By default vim makes no backup below /tmp.</summary>
    private static async Task VimAsync(string file, string content, CancellationToken stopping)
    {
        var typed = $"set backup backupcopy=no backupskip=\n%change\n{content}.\nwq!\n";
        await ToolProcess.RunAsync(
            InstalledTools.Local.Require(Tool.Vim), ["-es", "-u", "NONE", "-i", "NONE", file], Path.GetDirectoryName(file)!, stopping, typed);
    }

    /// <summary>Changes only the first line.</summary>
    private static async Task SedAsync(string file, string content, CancellationToken stopping)
    {
        var line = content[..content.IndexOf('\n', StringComparison.Ordinal)];
        await ToolProcess.RunAsync(InstalledTools.Local.Require(Tool.Sed), ["-i", $"1s|.*|{line}|", file], Path.GetDirectoryName(file)!, stopping);
    }

    private static async Task ReplaceAsync(string file, string temporary, string content, CancellationToken stopping)
    {
        await File.WriteAllTextAsync(temporary, content, stopping);
        File.Move(temporary, file, overwrite: true);
    }
}
