using System.Runtime.InteropServices;

namespace Supervisor.Processes;

/// <summary>A null-terminated array of C strings, freed on disposal.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly int _count;

    public NativeStrings(IEnumerable<string> texts)
    {
        var list = texts.ToArray();
        _count = list.Length;
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
        for (var index = 0; index < _count; index++)
            Pointer[index] = (byte*)Marshal.StringToCoTaskMemUTF8(list[index]);
    }

    public byte** Pointer { get; }

    public void Dispose()
    {
        for (var index = 0; index < _count; index++)
            Marshal.FreeCoTaskMem((nint)Pointer[index]);
        NativeMemory.Free(Pointer);
    }
}
