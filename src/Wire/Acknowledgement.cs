namespace Supervisor.Wire;

/// <summary>Turns a call without a result into one that returns true, for methods that need a result.</summary>
public static class Acknowledgement
{
    /// <returns>true.</returns>
    public static async Task<bool> OfAsync(Task call)
    {
        await call;
        return true;
    }
}
