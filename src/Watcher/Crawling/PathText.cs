using Supervisor.Filtering;

namespace Supervisor.Watcher.Crawling;

/// <summary>
/// The path of one directory in both its forms, bytes for the kernel and characters for the rules, with room to put a name behind it. One
/// buffer, used over and over. Not thread-safe: the work loop owns it.
/// </summary>
internal sealed class PathText(StateMap map)
{
    // The kernel takes no path of 4,096 bytes or more; a name has up to 255.
    private const int Longest = 4096;
    private const int LongestName = 255;

    /// <summary>For a directory's path and a name in it, in bytes or characters, with what stands between and behind them.</summary>
    public const int Room = Longest + LongestName + 2;

    private readonly byte[] _bytes = new byte[Room];
    private readonly char[] _characters = new char[Room];
    private int _byteLength;
    private int _length;

    /// <summary>The directory itself.</summary>
    public ReadOnlySpan<char> Directory => _length == 1 ? "/" : _characters.AsSpan(0, _length - 1);

    /// <summary>The directory itself, ended by a zero byte within the span.</summary>
    public ReadOnlySpan<byte> DirectoryBytes
    {
        get
        {
            var end = Math.Max(1, _byteLength - 1);
            _bytes[end] = 0;
            return _bytes.AsSpan(0, end + 1);
        }
    }

    /// <summary>False when the path is too long for the kernel.</summary>
    public bool TrySet(int directory)
    {
        _byteLength = map.WritePath(directory, _bytes.AsSpan(0, Longest));

        if (_byteLength < 0)
            return false;

        _length = FileName.Decode(_bytes.AsSpan(0, _byteLength), _characters);

        if (directory != StateMap.Root)
        {
            _characters[_length++] = '/';
            _bytes[_byteLength++] = (byte)'/';
        }

        return true;
    }

    /// <summary>Path of a name in the directory; valid until the next call.</summary>
    public ReadOnlySpan<char> With(ReadOnlySpan<byte> name) =>
        _characters.AsSpan(0, _length + FileName.Decode(name, _characters.AsSpan(_length)));

    /// <summary>Path of a name in the directory as bytes of its own, ended by a zero byte; the name begins at <see cref="NameAt"/>.</summary>
    public byte[] BytesWith(ReadOnlySpan<byte> name)
    {
        var path = new byte[_byteLength + name.Length + 1];
        _bytes.AsSpan(0, _byteLength).CopyTo(path);
        path[NameAt - 1] = (byte)'/';
        name.CopyTo(path.AsSpan(_byteLength));
        return path;
    }

    public int NameAt => _byteLength;
}
