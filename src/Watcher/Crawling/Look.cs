using System.Runtime.InteropServices;
using Supervisor.Watcher.Delivery;

namespace Supervisor.Watcher.Crawling;

/// <summary>A request to look at one name. A value: the worker that carries it out shares nothing with the loop.</summary>
/// <param name="Directory">Node of the directory that the name is in.</param>
/// <param name="Version">Of the directory when the look was asked for; another one by now makes the answer worthless.</param>
/// <param name="Path">The same path as <paramref name="Bytes"/>, which are absolute and ended by a zero byte.</param>
/// <param name="NameAt">Where in the bytes the name begins.</param>
/// <param name="FollowLink">The path is a root: a symbolic link there stands for what it leads to.</param>
/// <param name="Known">What the state map says; the default value when it has no entry.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Look(int Directory, int Version, string Path, byte[] Bytes, int NameAt, bool FollowLink, FileState Known)
{
    public ReadOnlySpan<byte> Name => Bytes.AsSpan(NameAt, Bytes.Length - NameAt - 1);
}

/// <summary>A look and what it found; the default state when there was nothing.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Looked(Look Look, FileState Found);
