namespace Supervisor.Wire;

/// <summary>Makes a result of an answer that says no more than that a call was carried out.</summary>
public static class Acknowledgement
{
    /// <returns>true.</returns>
    public static async Task<bool> OfAsync(Task call)
    {
        await call;
        return true;
    }
}
