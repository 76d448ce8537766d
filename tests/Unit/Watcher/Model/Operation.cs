using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Supervisor.Filtering;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>
/// One step of a history: a file operation or a fault. A value that one line of text can express. What <see cref="Number"/> and <see
/// cref="Other"/> mean is the act's own.
/// </summary>
/// <param name="Path">Below the test's folder: <c>tree/…</c> is watched, <c>outside/…</c> is not. Names that are not UTF-8 as <see cref="FileName"/> has them.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Operation(OperationKind Kind, string Path = "", string Other = "", int Number = 0)
{
    private const string Empty = "~";

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Kind} {Escaped(Path)} {Escaped(Other)} {Number}");

    public static Operation Parse(string line)
    {
        var parts = line.Split(' ');
        return new Operation(
            Enum.Parse<OperationKind>(parts[0]), Unescaped(parts[1]), Unescaped(parts[2]), int.Parse(parts[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    private static string Escaped(string path)
    {
        var text = new StringBuilder();

        foreach (var single in FileName.Encode(path))
        {
            if (char.IsAsciiLetterOrDigit((char)single) || single is (byte)'/' or (byte)'.' or (byte)'-' or (byte)'_')
                text.Append((char)single);
            else
                text.Append(CultureInfo.InvariantCulture, $"%{single:X2}");
        }

        return text.Length == 0 ? Empty : text.ToString();
    }

    private static string Unescaped(string text)
    {
        if (text == Empty)
            return "";

        var bytes = new List<byte>();

        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '%')
                bytes.Add(byte.Parse(text.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            else
                bytes.Add((byte)text[at]);

            at += text[at] == '%' ? 2 : 0;
        }

        return FileName.Decode([.. bytes]);
    }
}

/// <summary>What can happen. Numbers choose contents, modes, moments; the comment says which.</summary>
internal enum OperationKind
{
    // File work. What the disk refuses is no operation.
    Write,
    Append,
    Truncate,
    MapWrite,
    SaveAtomically,
    SaveWithBackup,
    SaveInPieces,
    Rename,
    Exchange,
    Delete,
    Recreate,
    MakeDirectory,
    MakeDeep,
    RemoveTree,
    RecreateTree,
    Symlink,
    SwapSymlink,
    HardLink,
    Permit,
    SetTimes,
    MakePipe,
    Mount,
    Unmount,

    /// <summary>Appends line number n of a few to the directory's <c>.gitignore</c>, or removes that file.</summary>
    EditIgnores,

    // Time passes.

    /// <summary>So many tenths of a millisecond.</summary>
    Rest,
    Ping,

    /// <summary>Until the parent has got another batch, or 15 ms; where a number says how many milliseconds, one from now on.</summary>
    AwaitBatch,

    /// <summary>The oracle: flush, then compare.</summary>
    Check,

    // The parent.

    /// <summary>What becomes of every batch from now on: <see cref="Model.BatchOutcome"/>.</summary>
    BatchOutcome,

    /// <summary>Batches are kept back (1), or no longer (0), as while a build runs.</summary>
    Hold,

    // The watcher. Dead, it is started by the next act that needs it.
    Die,

    /// <summary>Under conditions: <see cref="Model.WatcherCondition"/>.</summary>
    Start,

    /// <summary>Beside the one in charge, under conditions as for <see cref="Start"/>; it takes over at the next act that needs a watcher after that one is gone.</summary>
    StandBy,

    /// <summary>The one in charge delivers what is settled and leaves; where the parent does not take it, it dies.</summary>
    Drain,

    // The log and the folder that it is in, mostly between two watchers. Numbers are thousandths of its length.

    /// <summary>Cut behind the applied record: as if the last ones had been written half, or not at all.</summary>
    TearLog,
    CutLog,
    FlipBit,
    DropLog,

    /// <summary>Half a snapshot lies beside it, as a death during compaction leaves it.</summary>
    LeaveHalfSnapshot,

    /// <summary>A directory is where the next snapshot is to be written, or (0) no longer.</summary>
    BlockSnapshot,

    /// <summary>The file system under the log is full, or (0) no longer.</summary>
    FillDisk,

    /// <summary>The folder of cookies is taken away, and (1) a file is where it was.</summary>
    TakeCookieFolder,
}

internal enum BatchOutcome
{
    Acknowledged,

    /// <summary>Applied, but the acknowledgement never reaches the watcher.</summary>
    Unacknowledged,

    /// <summary>Never arrives; nor does any later one of this watcher.</summary>
    Lost,

    /// <summary>Applied; acknowledged only when the outcome becomes another one, or at the next check.</summary>
    Late,
}

/// <summary>Under what a watcher has to work.</summary>
internal enum WatcherCondition
{
    Ordinary,
    SmallBuffer,
    TinyBuffer,
    FewWatches,
    NoInotify,
    Degraded,
}
