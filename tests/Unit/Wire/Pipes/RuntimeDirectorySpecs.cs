using System.Text;
using System.Runtime.Versioning;

namespace Supervisor.Unit.Wire.Pipes;

[UnsupportedOSPlatform("windows")]
public sealed class RuntimeDirectorySpecs : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_same_configuration_has_the_same_directory_and_another_checkout_another_one()
    {
        var first = For("/home/a/one/supervisor.json");

        For("/home/a/one/../one/supervisor.json").Root.Should().Be(first.Root);
        For("/home/a/two/supervisor.json").Root.Should().NotBe(first.Root);
        first.Id.Should().MatchRegex("^[0-9a-f]{12}$");
        first.Id.Should().Be("85c0c79fe4dd", "running trees are found by it, also by the next version");
    }

    [Theory]
    [InlineData("/over", "/run/user/5", "/over")]
    [InlineData(null, "/run/user/5", "/run/user/5/supervisor")]
    [InlineData(null, "relative", "/tmp/supervisor-1234")]
    [InlineData(null, null, "/tmp/supervisor-1234")]
    [InlineData("", "", "/tmp/supervisor-1234")]
    [InlineData(null, "/run/user/5/with/such/a/long/name/that/no/socket/of/a/service/could/be/bound", "/tmp/supervisor-1234")]
    public void The_base_is_chosen_in_order(string? overriding, string? xdg, string expected)
    {
        var directory = RuntimeDirectory.For(
            "/c.json", name => name switch { "SUPERVISOR_RUNTIME_DIR" => overriding, "XDG_RUNTIME_DIR" => xdg, _ => null }, uid: 1234);

        Path.GetDirectoryName(directory.Root).Should().Be(expected);
    }

    [Fact]
    public void A_tree_is_where_its_address_says_as_long_as_that_folder_exists()
    {
        var elsewhere = Directory.CreateDirectory(_directory.File("elsewhere")).FullName;
        var unaddressed = For("/c.json");
        unaddressed.Create();
        File.WriteAllText(unaddressed.Address, $$"""{ "runtimeFolder": "{{elsewhere}}", "parentPid": 1 }""");

        For("/c.json").Root.Should().Be(elsewhere);
        For("/c.json").Lock.Should().Be(unaddressed.Lock, "one lock for one configuration");
        For("/c.json").HasParent.Should().BeFalse("process 1 is none");

        Directory.Delete(elsewhere);
        For("/c.json").Root.Should().Be(unaddressed.Root);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{ "runtimeFolder": "relative", "parentPid": 1 }""")]
    [InlineData("""{ "parentPid": 1 }""")]
    public void An_address_that_is_none_is_passed_over(string text)
    {
        var unaddressed = For("/c.json");
        unaddressed.Create();
        File.WriteAllText(unaddressed.Address, text);

        For("/c.json").Root.Should().Be(unaddressed.Root);
    }

    [Fact]
    public void An_override_too_long_for_sockets_is_refused_with_a_message() =>
        FluentActions.Invoking(() => RuntimeDirectory.For("/c.json", _ => "/" + new string('x', 63), uid: 1))
            .Should().Throw<RuntimeDirectoryException>().WithMessage("*SUPERVISOR_RUNTIME_DIR may have 63 bytes*");

    [Fact]
    public void Every_socket_can_be_bound_however_long_the_service_is_called()
    {
        var directory = RuntimeDirectory.For("/c.json", _ => "/" + new string('x', 62), uid: 1);

        foreach (var service in new[] { "web", new string('w', 200), new string('v', 200) })
            Encoding.UTF8.GetByteCount(directory.HostSocket(service)).Should().BeLessOrEqualTo(RuntimeDirectory.MaxPathBytes);

        directory.HostSocket(new string('w', 200)).Should().NotBe(directory.HostSocket(new string('v', 200)));
    }

    [Fact]
    public void No_file_of_one_service_is_one_of_another()
    {
        var directory = For("/c.json");
        string[] services = ["web", "web.launch", "web.json", "web.sock", "web.launch.json"];

        services.SelectMany(service => new[] { directory.HostSocket(service), directory.HostState(service), directory.HostLaunch(service) })
            .Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Creating_makes_private_directories_and_may_be_repeated()
    {
        var directory = For("/c.json");

        directory.Create();
        directory.Create();

        foreach (var path in new[] { directory.Root, directory.Hosts, directory.StateRoot, directory.Logs })
            File.GetUnixFileMode(path).Should().Be(Private, path);
    }

    [Fact]
    public void A_directory_that_others_may_enter_is_refused_with_the_command_that_fixes_it()
    {
        var directory = For("/c.json");
        directory.Create();
        File.SetUnixFileMode(directory.Root, Private | UnixFileMode.OtherExecute);

        directory.Invoking(it => it.Create()).Should().Throw<RuntimeDirectoryException>().WithMessage($"*chmod 700 {directory.Root}");
    }

    [Fact]
    public void A_symbolic_link_in_place_of_the_directory_is_refused()
    {
        var directory = For("/c.json");
        Directory.CreateDirectory(_directory.File("elsewhere"), Private);
        Directory.CreateDirectory(_directory.File("r"), Private);
        Directory.CreateSymbolicLink(directory.Root, _directory.File("elsewhere"));

        directory.Invoking(it => it.Create()).Should().Throw<RuntimeDirectoryException>().WithMessage($"{directory.Root}: a symbolic link is in the way*");
        Directory.GetFileSystemEntries(_directory.File("elsewhere")).Should().BeEmpty();
    }

    [Fact]
    public void A_file_in_place_of_the_directory_is_refused()
    {
        File.WriteAllText(_directory.File("r"), "");

        For("/c.json").Invoking(it => it.Create()).Should().Throw<RuntimeDirectoryException>().WithMessage($"{_directory.File("r")}: a file is in the way*");
    }

    [Fact]
    public void A_directory_of_another_user_is_refused()
    {
        // "/" belongs to root; root itself has to give one away first.
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory(_directory.File("r"));
            Chown.ToNobody(_directory.File("r"));
        }

        var directory = Environment.IsPrivilegedProcess ? For("/c.json") : RuntimeDirectory.For("/c.json", _ => "/", uid: 1);

        directory.Invoking(it => it.Create()).Should().Throw<RuntimeDirectoryException>().WithMessage("*it belongs to user*");
    }

    private RuntimeDirectory For(string config) => RuntimeDirectory.For(
        config, name => name switch { "SUPERVISOR_RUNTIME_DIR" => _directory.File("r"), "XDG_STATE_HOME" => _directory.File("s"), _ => null }, uid: 1);
}
