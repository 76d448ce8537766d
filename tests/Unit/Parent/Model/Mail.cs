namespace Supervisor.Unit.Parent.Model;

/// <summary>Whom the end of something cuts off from a message.</summary>
internal enum Route
{
    /// <summary>Over the link of a host; lost with the link.</summary>
    Link,

    /// <summary>Within the parent; lost with the parent.</summary>
    Parent,

    /// <summary>Within a host; lost with the host.</summary>
    Host,
}

/// <param name="Queue">Messages of one queue arrive in their order: requests and reports of one link do. null: in any order.</param>
/// <param name="Lost">What happens instead if the message is lost with its link.</param>
internal sealed record Message(string Text, Route Route, string Service, string? Queue, Action Arrive, Action? Lost = null);

/// <summary>Messages under way.</summary>
internal sealed class Mail
{
    private readonly List<Message> _underWay = [];

    public bool IsEmpty => _underWay.Count == 0;

    public void Send(Message message) => _underWay.Add(message);

    /// <summary>One of those that may arrive next. Returns its text; null: none is under way.</summary>
    public string? DeliverOne(int choice)
    {
        var next = _underWay.Where((message, index) => message.Queue is null || _underWay.FindIndex(other => other.Queue == message.Queue) == index).ToList();

        if (next.Count == 0)
            return null;

        var chosen = next[choice % next.Count];
        _underWay.Remove(chosen);
        chosen.Arrive();
        return chosen.Text;
    }

    public void DeliverQueue(string queue)
    {
        while (_underWay.Find(message => message.Queue == queue) is { } first)
        {
            _underWay.Remove(first);
            first.Arrive();
        }
    }

    public void Lose(Func<Message, bool> which)
    {
        var lost = _underWay.Where(which).ToList();
        _underWay.RemoveAll(lost.Contains);
        lost.ForEach(message => message.Lost?.Invoke());
    }
}
