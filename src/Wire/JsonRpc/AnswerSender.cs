using System.Text.Json;

namespace Supervisor.Wire.JsonRpc;

/// <summary>The answers to one batch, until all are there. Thread-safe.</summary>
internal sealed class AnswerBatch(int expected)
{
    private readonly Lock _lock = new();
    private readonly List<Answer> _answers = [];

    /// <summary>All of them, for whoever adds the last one; null for the others.</summary>
    public IReadOnlyList<Answer>? Add(Answer answer)
    {
        lock (_lock)
        {
            _answers.Add(answer);
            return _answers.Count == expected ? _answers : null;
        }
    }
}

/// <summary>Sends answers, alone or as a batch. Thread-safe; never throws: an answer that nobody can receive any more is dropped.</summary>
internal sealed class AnswerSender(FrameWriter writer)
{
    public Task SendAsync(Answer answer, AnswerBatch? batch)
    {
        if (batch is null)
            return SendAsync(answer.Write, problem => Refuse(answer, problem).Write);

        return batch.Add(answer) is { } answers
            ? SendAsync(WriteBatch(answers), problem => WriteBatch([.. answers.Select(each => Refuse(each, problem))]))
            : Task.CompletedTask;
    }

    private async Task SendAsync(Action<Utf8JsonWriter> write, Func<Exception, Action<Utf8JsonWriter>> writeProblem)
    {
        try
        {
            try
            {
                await writer.WriteAsync(write, CancellationToken.None);
            }
            catch (Exception e) when (e is not LinkEndedException)
            {
                // A result that cannot be written (too long, not a number) is a failure of the handler; nothing of it is on the wire.
                await writer.WriteAsync(writeProblem(e), CancellationToken.None);
            }
        }
        catch (LinkEndedException)
        {
            // The caller is gone. The reading loop sees the same end and says why.
        }
    }

    private static Action<Utf8JsonWriter> WriteBatch(IReadOnlyList<Answer> answers) => json =>
    {
        json.WriteStartArray();

        foreach (var answer in answers)
            answer.Write(json);

        json.WriteEndArray();
    };

    private static Answer Refuse(Answer answer, Exception problem) =>
        answer is Answer.Failure ? answer : new Answer.Failure(answer.Id, ErrorCode.InternalError, $"the result cannot be sent: {problem.Message}");
}
