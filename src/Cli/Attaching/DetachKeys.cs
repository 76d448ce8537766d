namespace Supervisor.Cli.Attaching;

/// <summary>
/// Finds Ctrl-P Ctrl-Q in what is typed. A Ctrl-P is held back until the next key shows what it was for, or until nothing has followed for a while: by itself it is
/// the previous line of a prompt. Not thread-safe.
/// </summary>
internal sealed class DetachKeys
{
    public const string Names = "Ctrl-P Ctrl-Q";
    private const byte First = 0x10;
    private const byte Second = 0x11;

    /// <summary>A Ctrl-P is held back.</summary>
    public bool IsHolding { get; private set; }

    /// <summary>What is to be passed on.</summary>
    /// <param name="isDetach">They were typed; what follows them is dropped.</param>
    public byte[] Take(ReadOnlySpan<byte> typed, out bool isDetach)
    {
        isDetach = false;
        var passed = new List<byte>(typed.Length + 1);

        foreach (var key in typed)
        {
            if (IsHolding && key == Second)
            {
                isDetach = true;
                break;
            }

            if (IsHolding)
                passed.Add(First);

            IsHolding = key == First;

            if (!IsHolding)
                passed.Add(key);
        }

        return [.. passed];
    }

    /// <summary>Nothing has followed: the key that was held back.</summary>
    public byte[] Release()
    {
        byte[] held = IsHolding ? [First] : [];
        IsHolding = false;
        return held;
    }
}
