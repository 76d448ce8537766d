using System.Globalization;

namespace Supervisor.Puppet;

/// <summary>What the puppet says to a request.</summary>
internal interface IServed : IAsyncDisposable
{
    /// <param name="request">Its first line: "GET /manifest HTTP/1.1".</param>
    Answer Answer(string request);
}

/// <param name="Status">Number and words.</param>
/// <param name="Then">Done once the answer is out.</param>
internal sealed record Answer(string Status, string Body, Action Then)
{
    public static Answer Ok(string body) => new("200 OK", body, () => { });
}

/// <summary>The same text to everybody, and our pid.</summary>
internal sealed class ServedText(string text) : IServed
{
    private readonly Answer _answer = Puppet.Answer.Ok(string.Create(CultureInfo.InvariantCulture, $"{text}pid {Environment.ProcessId}\n"));

    public Answer Answer(string request) => _answer;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
