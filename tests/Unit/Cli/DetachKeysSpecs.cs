using System.Text;
using Supervisor.Cli.Attaching;

namespace Supervisor.Unit.Cli;

/// <summary>What of the typed keys goes on to the server, and when they mean to leave it.</summary>
public sealed class DetachKeysSpecs
{
    [Theory]
    [InlineData("ls\r", "ls\r", false)]
    [InlineData("a\u0010\u0011b", "a", true)]
    [InlineData("\u0010n", "\u0010n", false)]
    [InlineData("\u0010\u0010\u0011", "\u0010", true)]
    [InlineData("\u0011\u0010", "\u0011", false)]
    [InlineData("", "", false)]
    public void Ctrl_P_Ctrl_Q_leaves_and_everything_else_is_passed_on(string typed, string passed, bool isDetach)
    {
        Take(new DetachKeys(), typed, out var detaches).Should().Be(passed);
        detaches.Should().Be(isDetach);
    }

    [Fact]
    public void The_two_keys_may_be_read_one_by_one()
    {
        var keys = new DetachKeys();

        Take(keys, "\u0010", out var first).Should().BeEmpty();
        Take(keys, "\u0011", out var second).Should().BeEmpty();

        (first, second).Should().Be((false, true));
    }

    [Fact]
    public void A_Ctrl_P_that_nothing_follows_is_passed_on_once()
    {
        var keys = new DetachKeys();
        Take(keys, "\u0010", out _);
        keys.IsHolding.Should().BeTrue();

        keys.Release().Should().Equal(0x10);

        keys.Release().Should().BeEmpty();
        Take(keys, "\u0011", out var detaches).Should().Be("\u0011");
        detaches.Should().BeFalse();
    }

    private static string Take(DetachKeys keys, string typed, out bool isDetach) => Encoding.ASCII.GetString(keys.Take(Encoding.ASCII.GetBytes(typed), out isDetach));
}
