using EndToEnd.Stage;

namespace EndToEnd;

/// <summary>What a container sees of its confinement, told from inside.</summary>
public sealed class ConfinementTests : IAsyncLifetime
{
    // CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, SYS_CHROOT, SETFCAP
    private const string DefaultCapabilities = "00000000800405fb";
    private Site _site = null!;
    private string _bundle = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await Site.CreateAsync();
        _bundle = await _site.BundleAsync();
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Capabilities_are_the_default_ones_in_every_set()
    {
        var status = await InsideAsync("grep", "-E", "^(Cap|NoNewPrivs|Seccomp:)", "/proc/self/status");

        var lines = status
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(":\t"))
            .ToDictionary(parts => parts[0], parts => parts[1].Trim());
        lines["CapInh"].Should().Be("0000000000000000");
        lines["CapPrm"].Should().Be(DefaultCapabilities);
        lines["CapEff"].Should().Be(DefaultCapabilities);
        lines["CapBnd"].Should().Be(DefaultCapabilities);
        lines["CapAmb"].Should().Be("0000000000000000");
        lines["NoNewPrivs"].Should().Be("1");
        lines["Seccomp"].Should().Be("2");
    }

    [Fact]
    public async Task System_call_outside_the_profile_is_blocked()
    {
        // vmsplice(2) needs no capability: without a filter a bad descriptor gives EBADF (9), under it EPERM (1).
        const string source = """
            #include <errno.h>
            #include <stdio.h>
            #include <sys/syscall.h>
            #include <unistd.h>
            int main(void) { syscall(SYS_vmsplice, -1, 0, 0, 0); printf("%d\n", errno); return 0; }
            """;
        var (code, program) = (_site.PathOf("call.c"), _site.PathOf("call"));
        await File.WriteAllTextAsync(code, source);
        (await Command.RunAsync("gcc", "-static", "-o", program, code)).Succeeded();
        (await Command.RunAsync(program)).Succeeded().Output.Should().Be("9\n");

        var inside = await _site.VordrAsync(
            "run",
            "--rm",
            "--network",
            "none",
            "-v",
            $"{program}:/bin/call:ro",
            _bundle,
            "call"
        );

        inside.Succeeded().Output.Should().Be("1\n");
    }

    [Fact]
    public async Task Kernel_paths_are_read_only_or_masked()
    {
        var outcome = await InsideAsync(
            "sh",
            "-c",
            """
            echo 1 > /proc/sys/kernel/hostname 2>/dev/null && echo WRITABLE /proc/sys
            echo b > /proc/sysrq-trigger 2>/dev/null && echo WRITABLE /proc/sysrq-trigger
            touch /sys/kernel/x 2>/dev/null && echo WRITABLE /sys
            mkdir /sys/fs/cgroup/memory/x 2>/dev/null && echo WRITABLE cgroup memory
            wc -c < /proc/kcore
            ls /proc/acpi /sys/firmware 2>/dev/null | grep -v : | tr -d '\n'
            wc -c < /proc/timer_list
            """
        );

        outcome
            .Output.Should()
            .NotContain("WRITABLE")
            .And.Subject.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .OnlyContain(line => line == "0");
    }

    [Fact]
    public async Task Namespaces_are_its_own()
    {
        foreach (var name in new[] { "pid", "net", "ipc", "uts", "mnt", "cgroup" })
        {
            var outcome = await InsideAsync("readlink", $"/proc/self/ns/{name}");
            outcome
                .Output.Trim()
                .Should()
                .NotBe(new FileInfo($"/proc/self/ns/{name}").LinkTarget, "{0} is its own", name);
        }
    }

    [Fact]
    public async Task Pids_limit_is_enforced()
    {
        var outcome = await _site.VordrAsync(
            "run",
            "--rm",
            "--network",
            "none",
            "--pids-limit",
            "8",
            _bundle,
            "sh",
            "-c",
            "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 5 & done; echo all"
        );

        outcome.Said.Should().Contain("can't fork");
    }

    [Fact]
    public async Task Memory_limit_is_enforced_and_an_oom_kill_is_told_as_such()
    {
        (
            await _site.VordrAsync(
                "run",
                "-d",
                "--name",
                "hungry",
                "--network",
                "none",
                "--memory",
                "16m",
                _bundle,
                "sh",
                "-c",
                "head -c 64m /dev/zero | tail"
            )
        ).Succeeded();
        await _site.VordrAsync("wait", "hungry");
        (
            await _site.VordrAsync(
                "run",
                "-d",
                "--name",
                "hungrier",
                "--network",
                "none",
                "--memory",
                "16m",
                _bundle,
                "tail",
                "/dev/zero"
            )
        ).Succeeded();

        (await _site.VordrAsync("wait", "hungrier")).Succeeded().Output.Trim().Should().Be("137");

        (await _site.VordrAsync("inspect", "hungrier")).Succeeded().Output.Should().Contain("oom_killed");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(255)]
    public async Task Exit_code_is_handed_through(int code) =>
        (await _site.VordrAsync("run", "--rm", "--network", "none", _bundle, "sh", "-c", $"exit {code}")).Failed(code);

    [Fact]
    public async Task Command_that_does_not_exist_is_127_and_one_that_cannot_be_executed_126()
    {
        (await _site.VordrAsync("run", "--rm", "--network", "none", _bundle, "/no/such")).Failed(127);
        (await _site.VordrAsync("run", "--rm", "--network", "none", _bundle, "/etc/passwd")).Failed(126);
    }

    [Fact]
    public async Task Streams_user_workdir_and_environment_are_as_asked()
    {
        var outcome = await Command.RunAsync(
            Programs.Vordr,
            _site.VordrArguments([
                "run",
                "--rm",
                "-i",
                "--network",
                "none",
                "-u",
                "web",
                "-w",
                "/tmp",
                "-e",
                "COLOUR=blue",
                _bundle,
                "sh",
                "-c",
                "cat; id -u; pwd; echo $COLOUR $GREETING; echo bad >&2",
            ]),
            environment: null,
            input: "from outside\n"u8.ToArray()
        );

        outcome.Succeeded().Output.Should().Be("from outside\n1000\n/tmp\nblue hello\n");
        outcome.Error.Should().Be("bad\n");
    }

    [Fact]
    public async Task Read_only_root_takes_no_write() =>
        (await _site.VordrAsync("run", "--rm", "--network", "none", "--read-only", _bundle, "touch", "/x"))
            .Error.Should()
            .Contain("Read-only file system");

    private async Task<Outcome> InsideAsync(params string[] command) =>
        await _site.VordrAsync(["run", "--rm", "--network", "none", _bundle, .. command]);
}
