using Supervisor.Watcher.Sources.Backends;

namespace Supervisor.Unit.Watcher.Sources;

public sealed class MountTableSpecs
{
    // As a real machine has them: optional fields or none, a blank in a path.
    private const string Text =
        """
        27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
        36 27 0:52 / /home/me/site/data rw,nosuid shared:7 master:2 - fuse.sshfs me@host:/data rw,user_id=0
        37 27 0:53 / /mnt/two\040words rw - nfs4 server:/export rw
        38 27 254:0 /home/me/other /home/me/site/twin rw,relatime shared:1 - ext4 /dev/vda rw
        """;

    private static readonly MountTable Mounts = MountTable.Parse(Text);

    [Theory]
    [InlineData(254, 0, "ext4")]
    [InlineData(0, 52, "fuse.sshfs")]
    [InlineData(0, 53, "nfs4")]
    [InlineData(0, 99, null)]
    public void A_device_has_the_type_of_its_mount(uint major, uint minor, string? type) =>
        Mounts.TypeOf(((ulong)major << 32) | minor).Should().Be(type);

    [Fact]
    public void A_blank_in_a_path_is_a_blank() =>
        Mounts.Beneath("/mnt").Should().ContainSingle().Which.Point.Should().Be("/mnt/two words");

    [Fact]
    public void Mounts_above_beneath_or_at_a_path_touch_it() =>
        Mounts.Touching("/home/me/site").Select(mount => mount.Point).Should().Equal("/", "/home/me/site/data", "/home/me/site/twin");

    [Fact]
    public void A_name_that_merely_begins_alike_is_not_beneath() =>
        Mounts.Touching("/home/me/site/dat").Select(mount => mount.Point).Should().Equal("/");

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("1 2 x:y / / rw - ext4 a b")]
    [InlineData("1 2 0:1 / /a rw -")]
    public void A_malformed_line_is_skipped(string line) => MountTable.Parse(line).Beneath("/").Should().BeEmpty();

    [Fact]
    public void The_mounts_of_this_machine_have_the_file_system_of_the_root_folder() =>
        MountTable.Parse(File.ReadAllText("/proc/self/mountinfo")).Beneath("/").Should().Contain(mount => mount.Point == "/");
}
