using Supervisor.Watcher.Delivery;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>What befalls the watcher's log and the folder that it is in. What is not there cannot be harmed.</summary>
internal sealed class LogFaults(TestDirectory directory)
{
    private string Unfinished => directory.Snapshot + ".new";

    private string Filler => directory.RuntimeFolder + "/filler";

    /// <summary>False: it is no such fault.</summary>
    public bool TryDo(Operation operation, string? applied)
    {
        try
        {
            return TryHarm(operation.Kind, operation.Number, applied);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A full disk, a file in the way: then this fault does not happen.
            return true;
        }
    }

    private bool TryHarm(OperationKind act, int number, string? applied)
    {
        switch (act)
        {
            case OperationKind.TearLog: Cut(from: EndOfApplied(applied), number); break;
            case OperationKind.CutLog: Cut(from: 0, number); break;
            case OperationKind.FlipBit: FlipBit(number); break;
            case OperationKind.DropLog: File.Delete(directory.Snapshot); break;
            case OperationKind.LeaveHalfSnapshot: LeaveHalfSnapshot(); break;
            case OperationKind.BlockSnapshot when number == 0: NativeDisk.Remove(Unfinished); break;
            case OperationKind.BlockSnapshot: BlockSnapshot(); break;
            case OperationKind.FillDisk when number == 0: File.Delete(Filler); break;
            case OperationKind.FillDisk when directory.HasSmallDisk: Fill(); break;
            case OperationKind.FillDisk: BlockSnapshot(); break;
            case OperationKind.TakeCookieFolder: TakeCookieFolder(leaveFile: number == 1); break;
            default: return false;
        }

        return true;
    }

    // Everything behind the applied record may be missing or half there, whatever was the last thing that the dead watcher did.
    private long? EndOfApplied(string? applied)
    {
        if (!File.Exists(directory.Snapshot) || !Cursor.TryParse(applied, out var cursor))
            return null;

        using var file = LogFiles.Open(directory.Snapshot, FileMode.Open, FileAccess.Read);
        return LogReplay.Survey(file, directory.Filter.RulesHash, cursor) is LoadResult.Resumed resumed ? resumed.End : null;
    }

    private void Cut(long? from, int number)
    {
        if (from is not { } kept || !File.Exists(directory.Snapshot))
            return;

        using var file = LogFiles.Open(directory.Snapshot, FileMode.Open, FileAccess.ReadWrite);
        var length = RandomAccess.GetLength(file);
        RandomAccess.SetLength(file, kept + ((length - kept) * number / 1000));
    }

    private void FlipBit(int number)
    {
        if (!File.Exists(directory.Snapshot))
            return;

        using var file = LogFiles.Open(directory.Snapshot, FileMode.Open, FileAccess.ReadWrite);
        var at = RandomAccess.GetLength(file) * number / 1000;
        var single = new byte[1];

        if (RandomAccess.Read(file, single, at) == 1)
            RandomAccess.Write(file, [(byte)(single[0] ^ (1 << (number % 8)))], at);
    }

    private void LeaveHalfSnapshot()
    {
        if (!File.Exists(directory.Snapshot))
            return;

        var whole = File.ReadAllBytes(directory.Snapshot);
        File.WriteAllBytes(Unfinished, whole[..(whole.Length / 2)]);
    }

    private void BlockSnapshot()
    {
        NativeDisk.Remove(Unfinished);
        Directory.CreateDirectory(Unfinished);
    }

    private void Fill()
    {
        var piece = new byte[4096];
        using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

        // Ends by the disk being full.
        while (true)
            filler.Write(piece);
    }

    private void TakeCookieFolder(bool leaveFile)
    {
        NativeDisk.Remove(directory.CookieFolder);

        if (leaveFile)
            File.WriteAllText(directory.CookieFolder, "in the way");
    }
}
