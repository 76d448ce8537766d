namespace Supervisor.Stress.Scheduling;

/// <summary>Deals every card once, in random order, before any card again. Not thread-safe.</summary>
internal sealed class Deck(IReadOnlyList<string> cards, Random random)
{
    private readonly Queue<string> _left = new();

    public string Deal()
    {
        if (_left.Count == 0)
        {
            string[] shuffled = [.. cards];
            random.Shuffle(shuffled);
            foreach (var card in shuffled)
                _left.Enqueue(card);
        }

        return _left.Dequeue();
    }
}
