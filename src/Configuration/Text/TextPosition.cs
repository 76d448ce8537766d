using System.Runtime.InteropServices;

namespace Supervisor.Configuration.Text;

/// <summary>A position in the file as in editors: lines and characters from 1. The default value means that there is no position.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextPosition(int Line, int Column);
