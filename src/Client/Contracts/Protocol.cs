namespace Supervisor.Client;

/// <summary>The protocol between our own processes. A peer speaks every version from <see cref="Oldest"/> to <see cref="Newest"/>.</summary>
public static class Protocol
{
    public const int Oldest = 1;
    public const int Newest = 1;

    /// <summary>The highest version both ends speak, or null when there is none.</summary>
    public static int? Agree(int oldest, int newest)
    {
        var common = Math.Min(newest, Newest);
        return common >= Math.Max(oldest, Oldest) ? common : null;
    }
}
