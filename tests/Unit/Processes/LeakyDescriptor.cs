using Microsoft.Win32.SafeHandles;
using Supervisor.Processes.Interop;

namespace Supervisor.Unit.Processes;

/// <summary>A descriptor that is not close-on-exec: a launcher or native code may leave one in any process.</summary>
internal static class LeakyDescriptor
{
    private const int SomeHighNumber = 200;

    public static SafeFileHandle Open()
    {
        using var source = File.OpenHandle("/dev/zero");
        var copy = LibC.fcntl((int)source.DangerousGetHandle(), LibC.F_DUPFD_CLOEXEC, SomeHighNumber);
        LibC.fcntl(copy, LibC.F_SETFD, 0).Should().Be(0);
        return new SafeFileHandle(copy, ownsHandle: true);
    }
}
