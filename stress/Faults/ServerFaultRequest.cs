using Supervisor.Stress.Project;

namespace Supervisor.Stress.Faults;

/// <summary>Asks a server of the project to exit, leak or fork, by a POST to the server.</summary>
internal static class ServerFaultRequest
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    /// <summary>null: accepted; else why not.</summary>
    public static async Task<string?> PostAsync(ProjectService service, string path, CancellationToken stopping)
    {
        using var http = new HttpClient { Timeout = RequestTimeout };
        try
        {
            using var answer = await http.PostAsync(new Uri(service.Address, path), content: null, stopping);
            return answer.IsSuccessStatusCode ? null : $"{path} was answered with {(int)answer.StatusCode}";
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            return $"{path} was not answered: {failure.Message}";
        }
    }
}
