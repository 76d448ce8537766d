using System.Runtime.InteropServices;

namespace Supervisor.Unit.Wire.Pipes;

/// <summary>Changes the owner of a path to the user nobody. For root only.</summary>
internal static partial class Chown
{
    public const uint Nobody = 65534;

    public static void ToNobody(string path) => chown(path, Nobody, Nobody).Should().Be(0);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint user, uint group);
}
