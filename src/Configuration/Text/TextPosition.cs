using System.Runtime.InteropServices;

namespace Supervisor.Configuration.Text;

/// <summary>A place in the file as editors count it: lines and characters from 1. The default is "nowhere in the text".</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextPosition(int Line, int Column);
