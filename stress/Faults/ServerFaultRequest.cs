using Supervisor.Stress.Project;

namespace Supervisor.Stress.Faults;

/// <summary>What the project's servers do when they are asked: fail, leak or fork, by a POST to themselves.</summary>
internal static class ServerFaultRequest
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    /// <summary>null: it obeys; else why not.</summary>
    public static async Task<string?> PostAsync(ProjectService service, string order, CancellationToken stopping)
    {
        using var http = new HttpClient { Timeout = RequestTimeout };
        try
        {
            using var answer = await http.PostAsync(new Uri(service.Address, order), content: null, stopping);
            return answer.IsSuccessStatusCode ? null : $"{order} was answered with {(int)answer.StatusCode}";
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            return $"{order} was not answered: {failure.Message}";
        }
    }
}
