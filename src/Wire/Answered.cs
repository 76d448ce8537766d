namespace Supervisor.Wire;

/// <summary>Makes a result of an answer that says no more than that a call was carried out.</summary>
public static class Answered
{
    /// <returns>true.</returns>
    public static async Task<bool> ByAsync(Task call)
    {
        await call;
        return true;
    }
}
