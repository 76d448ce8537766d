using Supervisor.Stress.Project;
using Supervisor.Stress.Recording;

namespace Supervisor.Stress.Observing;

/// <summary>Requests the page of every service continuously, and records how many requests were answered and each one that failed.</summary>
internal sealed class RequestObserver(IRecord record, ProjectTree project)
{
    private static readonly TimeSpan RequestInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Runs until stopping. One request at a time per service: a hung server gets one in five seconds.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var client = new ServerClient(record, RequestTimeout);
        await Task.WhenAll(project.Services.Select(service => AskAsync(service, client, stopping)));
    }

    private async Task AskAsync(ProjectService service, ServerClient client, CancellationToken stopping)
    {
        var count = new RequestsMade(record.Now, service.Name, Made: 0, Failed: 0, Slowest: TimeSpan.Zero);
        await Periodic.RunAsync(RequestInterval, AskOnceAsync, stopping);
        if (count.Made > 0)
            record.Append(count with { At = record.Now });

        async Task AskOnceAsync()
        {
            var answer = await client.GetAsync(service.Address, stopping);
            if (answer.Error is { } error)
                record.Append(new RequestFailed(answer.At, service.Name, answer.SentAt, error));

            count = Count(count, answer);
            if (answer.At - count.At < CountInterval)
                return;

            record.Append(count with { At = answer.At });
            count = new RequestsMade(answer.At, service.Name, Made: 0, Failed: 0, Slowest: TimeSpan.Zero);
        }
    }

    private static RequestsMade Count(RequestsMade soFar, ServerResponse answer) => soFar with
    {
        Made = soFar.Made + 1,
        Failed = soFar.Failed + (answer.Error is null ? 0 : 1),
        Slowest = answer.Took > soFar.Slowest ? answer.Took : soFar.Slowest,
    };
}
