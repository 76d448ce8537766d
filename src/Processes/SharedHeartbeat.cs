using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Supervisor.Processes.Interop;

namespace Supervisor.Processes;

/// <summary>
/// The heartbeat of a process, in memory that one reader shares with it. A beat is a write of eight bytes; a message instead would wake several threads at
/// each end, which is most of what an idle tree costs. Linux only: elsewhere, and where the reader may not open it, both fall back to messages.
/// Thread-safe.
/// </summary>
/// <remarks>The memory holds the number of beats and, written by the reader, the name under which it reads: so the owner knows whether anybody looks.</remarks>
public sealed class SharedHeartbeat : IDisposable
{
    private const string Name = "supervisor-heartbeat";
    private const int BeatsAt = 0;
    private const int ReaderAt = sizeof(long);

    private readonly Lock _lock = new();
    private readonly SafeFileHandle _memory;
    private long _beats;

    private SharedHeartbeat(SafeFileHandle memory) => _memory = memory;

    /// <summary>For the reader, with the pid of the owner; valid until <see cref="Dispose"/>.</summary>
    public int Descriptor => (int)_memory.DangerousGetHandle();

    /// <summary>Called by the owner. null: this system has no such memory.</summary>
    public static SharedHeartbeat? TryCreate()
    {
        if (!OperatingSystem.IsLinux() || LibC.memfd_create(Name, LibC.MFD_CLOEXEC) is not (>= 0 and var descriptor))
            return null;

        var heartbeat = new SharedHeartbeat(new SafeFileHandle(descriptor, ownsHandle: true));
        heartbeat.Write(BeatsAt, 0);
        heartbeat.Write(ReaderAt, 0);
        return heartbeat;
    }

    /// <summary>Called by the reader, who has made sure that <paramref name="pid"/> is the owner.</summary>
    /// <param name="descriptor">See <see cref="Descriptor"/>. null: the owner has none.</param>
    /// <param name="reader">Not 0. A later reader has another.</param>
    /// <returns>null: it cannot be opened; the owner goes on with messages.</returns>
    public static SharedHeartbeat? TryOpen(int pid, int? descriptor, long reader)
    {
        var path = $"/proc/{pid}/fd/{descriptor}";

        try
        {
            // Opening anything else, a FIFO for example, might block or have consequences.
            if (descriptor is null || new FileInfo(path).LinkTarget?.StartsWith($"/memfd:{Name}", StringComparison.Ordinal) != true)
                return null;

            var heartbeat = new SharedHeartbeat(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));
            heartbeat.Write(ReaderAt, reader);
            return heartbeat;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Called by the owner. false: this reader has not opened it, so a message has to be sent.</summary>
    public bool TryBeat(long reader)
    {
        lock (_lock)
        {
            if (_memory.IsClosed || Read(ReaderAt) != reader)
                return false;

            Write(BeatsAt, ++_beats);
            return true;
        }
    }

    /// <summary>Called by the reader: whether it has beaten since the last call.</summary>
    public bool HasBeaten()
    {
        lock (_lock)
        {
            var earlier = _beats;
            return !_memory.IsClosed && (_beats = Read(BeatsAt)) != earlier;
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _memory.Dispose();
    }

    private long Read(int at)
    {
        Span<byte> word = stackalloc byte[sizeof(long)];
        RandomAccess.Read(_memory, word, at);
        return BinaryPrimitives.ReadInt64LittleEndian(word);
    }

    private void Write(int at, long value)
    {
        Span<byte> word = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(word, value);
        RandomAccess.Write(_memory, word, at);
    }
}
