using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Supervisor.Unit.Watcher.Model;

namespace Supervisor.Unit.Parent.Model;

/// <summary>
/// Commands of any number of clients, crashes, and messages in any order against the real state machines: each command has exactly one outcome, and it is
/// true; in the end everything is as the last command wanted it. A failed run prints its seed and the shrunk history. The same histories
/// each time; with MODEL_OPERATIONS as many steps of other ones.
/// </summary>
public sealed class CommandModelSpecs
{
    private const int Length = 80;

    private static readonly int Histories = ModelEnvironment.Operations(40_000) / Length;

    private static readonly Replay SameEachTime = new(new Rnd(20_261_130, 1), FSharpOption<int>.None);

    private static readonly Gen<ActKind> AnyKind = Gen.Frequency(
        (40, Gen.Constant(ActKind.Deliver)),
        (4, Gen.Constant(ActKind.Wait)),
        (12, Gen.Elements(ActKind.Stop, ActKind.StopNow)),
        (12, Gen.Elements(ActKind.Restart, ActKind.RestartForced)),
        (6, Gen.Elements(ActKind.Start, ActKind.Flush)),
        (6, Gen.Elements(ActKind.Save, ActKind.BreakCode, ActKind.MendCode)),
        (3, Gen.Elements(ActKind.KillServer, ActKind.KillHost)),
        (2, Gen.Elements(ActKind.DropLink, ActKind.Reload, ActKind.KillParent)));

    private static Config Run => Config.QuickThrowOnFailure.WithMaxTest(Histories)
        .WithReplay(ModelEnvironment.IsSearch ? FSharpOption<Replay>.None : FSharpOption<Replay>.Some(SameEachTime));

    [Fact]
    public void Every_command_has_one_true_outcome_and_the_last_one_wins() =>
        Check.One(Run, Prop.ForAll(HistoriesOf(AnyKind), acts => Play(acts)));

    [Fact]
    public void The_check_finds_a_restart_that_passes_the_loop_by()
    {
        var defective = Gen.Frequency((1, Gen.Constant(ActKind.RestartPastTheLoop)), (9, AnyKind));

        var check = () => Check.One(Run, Prop.ForAll(HistoriesOf(defective), acts => Play(acts)));

        check.Should().Throw<Exception>();
    }

    private static Arbitrary<Act[]> HistoriesOf(Gen<ActKind> kinds)
    {
        var act = from kind in kinds from service in Gen.Elements("web", "web", "web", "db") from choice in Gen.Choose(0, 2_000) select new Act(kind, service, choice);
        return Arb.From(act.ArrayOf(Length), Shorter);
    }

    /// <summary>With one piece left out, large ones first.</summary>
    private static IEnumerable<Act[]> Shorter(Act[] acts)
    {
        for (var piece = acts.Length / 2; piece > 0; piece /= 2)
        {
            for (var from = 0; from + piece <= acts.Length; from += piece)
                yield return [.. acts[..from], .. acts[(from + piece)..]];
        }
    }

    private static void Play(Act[] acts)
    {
        var tree = new ModelTree();

        try
        {
            foreach (var act in acts)
                tree.Do(act);

            tree.ComeToRest();
            tree.Do(new Act(ActKind.Stop, "web", 0));
            tree.Do(new Act(ActKind.Stop, "db", 0));
            tree.ComeToRest();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{failure.Message}\n{string.Join('\n', tree.Story.TakeLast(200))}", failure);
        }
    }
}
