using Supervisor.Watcher.Links;

namespace Supervisor.Unit.Watcher.Model;

/// <summary>One lifetime of a watcher in a history.</summary>
internal interface IModelWatcher
{
    Task FlushAsync();

    Task PingAsync();

    /// <summary>Of a standby: the one before it is gone.</summary>
    Task TakeOverAsync(WatchBaseline baseline);

    /// <summary>Asks it to deliver what is settled and to exit; returns when it has, or after a timeout.</summary>
    Task DrainAsync();

    Task HoldAsync(bool held);

    /// <summary>Nothing is drained or delivered. Returns once it does nothing any more, and everything that it sent has arrived.</summary>
    Task DieAsync();
}

/// <summary>Begins a lifetime.</summary>
internal delegate Task<IModelWatcher> StartWatcher(WatcherHello hello, TestDirectory directory, IParent parent, WatcherCondition condition);
