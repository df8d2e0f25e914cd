using System.Runtime.InteropServices;
using Vordr.Linux;
using Vordr.Processes;

namespace Vordr.Tests.Processes;

public sealed class ProcessTests
{
    [Theory]
    [InlineData("")]
    [InlineData("1 (x) S 1")]
    [InlineData("no parenthesis")]
    public void Stat_that_is_cut_off_is_none(string line) => ProcessStat.Parse(line).Should().BeNull();

    [Fact]
    public void Stat_name_with_parentheses_and_blanks_does_not_shift_fields()
    {
        var fields = string.Join(' ', Enumerable.Range(5, 40));

        ProcessStat.Parse($"7 (evil) Z 9) S 3 {fields}").Should().Be(new ProcessStat('S', 3, 22));
    }

    [Fact]
    public void Identity_of_another_start_or_boot_is_not_alive()
    {
        var self = ProcessIdentity.Current;

        self.IsAlive().Should().BeTrue();
        (self with { StartTime = self.StartTime + 1 }).IsAlive().Should().BeFalse();
        (self with { BootId = "another" }).IsAlive().Should().BeFalse();
        ProcessIdentity.Of(0).Should().BeNull();
        ProcessIdentity.Of(-1).Should().BeNull();
    }

    [Fact]
    public async Task Zombie_is_not_alive()
    {
        using var watcher = new ProcessWatcher();
        using var child = ChildProcess.Start(new Launch { Path = "/bin/true" });
        using var pidfd = PidFd.TryOpen(child.Pid)!;
        await watcher.WaitReadableAsync(pidfd, CancellationToken.None);

        // Ended, and not collected.
        ProcessIdentity.Of(child.Pid).Should().BeNull();
        (await child.WaitAsync(watcher, CancellationToken.None)).Code.Should().Be(0);
    }

    [Fact]
    public async Task Child_has_only_what_it_was_given()
    {
        using var watcher = new ProcessWatcher();
        using var output = Descriptors.MemoryFile("out");
        Environment.SetEnvironmentVariable("VORDR_TEST_SECRET", "leaks");
        using var open = File.OpenHandle("/etc/passwd");
        using var child = ChildProcess.Start(
            new Launch
            {
                Path = "/bin/sh",
                Arguments = ["-c", "env; ls -l /proc/self/fd; pwd; grep -E 'Sig(Ign|Blk)' /proc/self/status"],
                Environment = ["GIVEN=1"],
                Descriptors = new Dictionary<int, SafeHandle> { [1] = output, [5] = output },
            }
        );

        (await child.WaitAsync(watcher, CancellationToken.None)).Code.Should().Be(0);

        var text = Descriptors.ReadText(output);
        text.Should()
            .Contain("GIVEN=1")
            .And.NotContain("SECRET")
            .And.NotContain("passwd")
            .And.Contain("5 -> /memfd:out");
        text.Should().Contain("\n/\n").And.Contain("SigBlk:\t0000000000000000").And.MatchRegex("SigIgn:\t0+\n");
    }

    [Fact]
    public async Task Cancelled_wait_kills_and_collects_the_child()
    {
        using var watcher = new ProcessWatcher();
        using var child = ChildProcess.Start(new Launch { Path = "/bin/sleep", Arguments = ["60"] });
        using var cancel = new CancellationTokenSource();
        var wait = child.WaitAsync(watcher, cancel.Token);

        await cancel.CancelAsync();

        var waiting = () => wait;
        await waiting.Should().ThrowAsync<OperationCanceledException>();
        ProcessIdentity.Read(child.Pid).Should().BeNull();
    }

    [Fact]
    public void Program_that_is_not_there_is_an_error_with_its_path()
    {
        var start = () => ChildProcess.Start(new Launch { Path = "/nonexistent/program" });

        start.Should().Throw<IOException>().Which.Message.Should().Contain("/nonexistent/program");
    }

    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("sigterm", 15)]
    [InlineData("9", 9)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMAX-1", 63)]
    [InlineData("SYS", 31)]
    [InlineData("0", null)]
    [InlineData("65", null)]
    [InlineData("-9", null)]
    [InlineData("RTMIN+99", null)]
    [InlineData("NONE", null)]
    public void Signal_is_read_by_name_and_number(string text, int? number) => Signals.Parse(text).Should().Be(number);
}
