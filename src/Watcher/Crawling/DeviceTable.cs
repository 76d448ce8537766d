namespace Supervisor.Watcher.Crawling;

/// <summary>
/// Maps devices, of which a tree has one or a few, to short numbers. Not thread-safe: the work loop owns it. The last number stands for every device beyond
/// the 16,382nd; a file that moved from one of those to another would still differ by its inode or its times.
/// </summary>
internal sealed class DeviceTable
{
    private const int Last = (1 << 14) - 1;

    private readonly List<ulong> _devices = [0];
    private int _latest;

    public ulong this[int number] => _devices[number];

    public int NumberOf(ulong device)
    {
        if (_devices[_latest] == device)
            return _latest;

        var number = _devices.IndexOf(device);

        if (number < 0)
        {
            number = Math.Min(_devices.Count, Last);

            if (number == _devices.Count)
                _devices.Add(device);
        }

        return _latest = number;
    }
}
