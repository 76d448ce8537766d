using System.Globalization;
using System.Text;

namespace Supervisor.Wire.Records;

/// <summary>The newest number given to a parent or a watcher of a run, on disk. Only the holder of the tree's lock writes it.</summary>
public static class EpochFile
{
    /// <summary>0: none was given.</summary>
    public static long Read(string path) => File.Exists(path) && long.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Returns once the number is on disk: no number is used twice.</summary>
    public static void Write(string path, long epoch)
    {
        using (var next = new FileStream(path + ".tmp", FileMode.Create))
        {
            next.Write(Encoding.ASCII.GetBytes(epoch.ToString(CultureInfo.InvariantCulture)));
            next.Flush(flushToDisk: true);
        }

        File.Move(path + ".tmp", path, overwrite: true);
    }
}
