using System.Runtime.InteropServices;
using Supervisor.Wire.Pipes;

namespace Supervisor.Unit.Wire.Pipes;

/// <summary>Passes a listening socket on as a spawner does: a copy of the descriptor, then the original is closed. The receiver owns the copy.</summary>
internal sealed partial class DuplicatedDescriptor : IDisposable
{
    public DuplicatedDescriptor(PipeListener listener)
    {
        Descriptor = dup(listener.Descriptor);
        listener.Dispose();
    }

    public int Descriptor { get; }

    public void Dispose()
    {
        // The PipeListener made from it has closed it.
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup(int descriptor);
}
