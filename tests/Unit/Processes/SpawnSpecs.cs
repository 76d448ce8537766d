using Supervisor.Processes;

namespace Supervisor.Unit.Processes;

public sealed class SpawnSpecs : ProcessSpecs
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(42)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(137)]
    [InlineData(143)]
    [InlineData(255)]
    public async Task An_exit_code_is_reported_exactly(int code)
    {
        var exit = await Fixture.Spawn(Fixture.Shell($"exit {code}")).Exited;

        exit.Should().Be(new ExitReason.Exited(code));
        exit.IsSuccess.Should().Be(code == 0);
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("INT")]
    [InlineData("ILL")]
    [InlineData("ABRT")]
    [InlineData("BUS")]
    [InlineData("FPE")]
    [InlineData("KILL")]
    [InlineData("USR1")]
    [InlineData("SEGV")]
    [InlineData("PIPE")]
    [InlineData("ALRM")]
    [InlineData("TERM")]
    [InlineData("SYS")]
    public async Task A_death_by_signal_names_the_signal(string signal)
    {
        var exit = await Fixture.Spawn(Fixture.Shell($"kill -{signal} $$")).Exited;

        exit.Should().BeOfType<ExitReason.Signaled>().Which.Signal.Should().Be(Signals.Parse(signal));
        exit.Describe().Should().StartWith($"killed by SIG{signal}");
    }

    [Fact]
    public async Task A_child_starts_in_its_own_session_with_clean_signals_and_three_descriptors()
    {
        using var leaky = LeakyDescriptor.Open();
        var child = Fixture.Spawn(Fixture.Program("sleep", "600"));
        var (status, _) = await Fixture.RunAsync(Fixture.Program("cat", "/proc/self/status"));

        LeakCheck.Fields(child.Pid)[3].Should().Be($"{child.Pid}", "it leads its own session");
        Mask(status, "SigBlk").Should().Be(0);
        (Mask(status, "SigIgn") & 0x7fffffff).Should().Be(0, "no standard signal is ignored, although .NET ignores SIGPIPE");

        // The dynamic loader has its libraries open for a moment.
        var descriptors = () => Directory.GetFileSystemEntries($"/proc/{child.Pid}/fd").Select(Path.GetFileName).Order(StringComparer.Ordinal);
        (await LeakCheck.EventuallyAsync(() => descriptors().SequenceEqual(["0", "1", "2"], StringComparer.Ordinal))).Should().BeTrue();
        new FileInfo($"/proc/{child.Pid}/fd/0").LinkTarget.Should().Be("/dev/null");

        child.TrySignalGroup(Signals.Kill).Should().BeTrue();
        await child.Exited;
    }

    [Fact]
    public async Task A_child_gets_exactly_the_requested_environment_and_directory()
    {
        var request = new SpawnRequest(["/usr/bin/env"], Fixture.Folder, new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "1 2", ["Ü"] = "ä=ö" });

        var (output, _) = await Fixture.RunAsync(request);
        var (directory, _) = await Fixture.RunAsync(Fixture.Program("pwd"));

        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().BeEquivalentTo("A=1 2", "Ü=ä=ö");
        directory.TrimEnd().Should().Be(Fixture.Folder);
    }

    [Fact]
    public async Task Arguments_reach_the_program_unchanged_through_the_confining_shell()
    {
        string[] arguments = ["", "a b", "$HOME", "'; exit 3; '", "*", "line\nbreak", "-n", "ü"];
        var request = Fixture.Program(["printf", "<%s>", .. arguments]) with { Confinement = new Confinement { OomScoreAdjustment = 500 } };

        var (output, exit) = await Fixture.RunAsync(request);

        output.Should().Be(string.Concat(arguments.Select(argument => $"<{argument}>")));
        exit.IsSuccess.Should().BeTrue();
    }

    [Fact]
    public async Task A_confined_child_has_its_limits()
    {
        var confinement = new Confinement { OpenFiles = 300, DataBytes = 1L << 30, OomScoreAdjustment = 300 };

        var (output, _) = await Fixture.RunAsync(
            Fixture.Shell("ulimit -S -n; ulimit -d; cat /proc/self/oom_score_adj") with { Confinement = confinement });

        output.Split('\n').Should().StartWith(["300", $"{1 << 20}", "300"]);
    }

    [Theory]
    [InlineData(1_024, 1_048_576, 10_240)]
    [InlineData(1_024, 4_096, 4_096)]
    [InlineData(10_240, 10_240, null)]
    [InlineData(20_000, 1_048_576, null)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, null)]
    public void The_limit_of_open_files_is_raised_to_the_least_and_never_lowered(ulong soft, ulong hard, int? expected) =>
        OpenFilesLimit.Decide(new Confinement { MinOpenFiles = 10_240 }, soft, hard).Should().Be((ulong?)expected);

    [Theory]
    [InlineData(300, 300)]
    [InlineData(15_000, 15_000)]
    [InlineData(30_000, 20_000)]
    public void A_given_limit_of_open_files_is_taken_as_it_is_up_to_the_hard_limit(int given, ulong expected) =>
        OpenFilesLimit.Decide(new Confinement { OpenFiles = given, MinOpenFiles = 10_240 }, soft: 12_000, hard: 20_000).Should().Be(expected);

    [Fact]
    public async Task A_limit_that_cannot_be_set_does_not_prevent_the_start()
    {
        var confinement = new Confinement { ProcsFiles = ["/nowhere/at all/cgroup.procs"], OpenFiles = int.MaxValue, OomScoreAdjustment = 5000 };
        using var errors = File.OpenHandle(Path.Combine(Fixture.Folder, "errors"), FileMode.Create, FileAccess.Write);

        var (output, exit) = await Fixture.RunAsync(Fixture.Shell("echo here; exit 7") with { Confinement = confinement, StandardError = errors });

        output.Should().Be("here\n");
        exit.Should().Be(new ExitReason.Exited(7));
        RandomAccess.GetLength(errors).Should().Be(0, "errors of the confining shell do not appear in the output");
    }

    [Fact]
    public async Task Inherited_descriptors_may_swap_numbers()
    {
        var first = File.OpenHandle(Path.Combine(Fixture.Folder, "first"), FileMode.Create, FileAccess.Write);
        var second = File.OpenHandle(Path.Combine(Fixture.Folder, "second"), FileMode.Create, FileAccess.Write);
        using var _ = first;
        using var __ = second;
        var (one, two) = ((int)first.DangerousGetHandle(), (int)second.DangerousGetHandle());

        // A shell can write only to descriptors of one digit, Python to any.
        var script = $"import os; os.write({one}, b'to one'); os.write({two}, b'to two'); print(sorted(int(d) for d in os.listdir('/proc/self/fd')))";
        var (_, exit) = await Fixture.RunAsync(
            Fixture.Program("python3", "-c", script) with { Inherit = [new InheritedDescriptor(one, two), new InheritedDescriptor(two, one)] });

        exit.IsSuccess.Should().BeTrue();
        File.ReadAllText(Path.Combine(Fixture.Folder, "first")).Should().Be("to two");
        File.ReadAllText(Path.Combine(Fixture.Folder, "second")).Should().Be("to one");
    }

    [Fact]
    public async Task An_inherited_descriptor_may_keep_its_number()
    {
        using var file = File.OpenHandle(Path.Combine(Fixture.Folder, "file"), FileMode.Create, FileAccess.Write);
        var number = (int)file.DangerousGetHandle();

        await Fixture.RunAsync(Fixture.Program("python3", "-c", $"import os; os.write({number}, b'kept')") with
        {
            Inherit = [new InheritedDescriptor(number, number)],
        });

        File.ReadAllText(Path.Combine(Fixture.Folder, "file")).Should().Be("kept");
    }

    [Fact]
    public async Task Standard_output_and_error_may_be_one_pipe()
    {
        var (read, write) = AnonymousPipe.Create(large: true);
        using var output = new StreamReader(new FileStream(read, FileAccess.Read));
        Child child;
        using (write)
            child = Fixture.Spawn(Fixture.Shell("echo out; echo err >&2") with { StandardOutput = write, StandardError = write });

        (await output.ReadToEndAsync()).Should().Be("out\nerr\n");
        (await child.Exited).IsSuccess.Should().BeTrue();
    }

    [Fact]
    public async Task A_child_reads_the_given_input_until_its_last_write_end_is_closed()
    {
        var (read, write) = AnonymousPipe.Create(large: false);
        using (read)
        {
            var reading = Fixture.RunAsync(Fixture.Program("cat") with { StandardInput = read });
            await using (var input = new FileStream(write, FileAccess.Write))
                await input.WriteAsync("given"u8.ToArray());

            (await reading).Output.Should().Be("given");
        }
    }

    private static ulong Mask(string status, string name) =>
        Convert.ToUInt64(status.Split('\n').Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split('\t')[1], 16);
}
