using Vordr.Linux;
using Vordr.Specs;
using Vordr.Tests.Runtimes;

namespace Vordr.Tests.Specs;

/// <summary>What a container can and can't do, seen from inside, with every runtime and with the compiled filter.</summary>
public sealed class ConfinementTests
{
    // CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, SYS_CHROOT, SETFCAP.
    private const string DefaultMask = "00000000800405fb";
    private const string NoCapability = "0000000000000000";

    public static TheoryData<string, bool> Runtimes =>
        new()
        {
            { "runc", false },
            { "crun", false },
            { "crun", true },
        };

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task Calls_that_reach_the_host_are_blocked(string runtime, bool compiled)
    {
        await using var host = new ContainerHost(runtime);
        var script = """
            unshare -m true 2>/dev/null && echo mount-namespace
            unshare -U true 2>/dev/null && echo user-namespace
            mount -t tmpfs none /tmp 2>/dev/null && echo mount
            mknod /tmp/sda b 8 0 2>/dev/null && echo device
            date -s 2001-01-01 2>/dev/null >&2; [ $(date +%Y) = 2001 ] && echo clock
            swapoff /x 2>&1
            mount -o remount,rw /sys 2>/dev/null && echo remount
            echo done
            """;

        var output = await RunAsync(host, host.Input("c1", script), compiled);

        output.Should().NotContain("mount").And.NotContain("device").And.NotContain("clock");
        // Refused by the filter: without it, the file would be missing first.
        output.Should().EndWith("swapoff: /x: Operation not permitted\ndone\n");
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task Paths_of_the_kernel_are_masked_or_read_only(string runtime, bool compiled)
    {
        await using var host = new ContainerHost(runtime);
        var script = """
            [ -e /proc/kcore ] && [ -s /proc/kcore ] && echo read-kcore
            wc -c < /proc/keys 2>/dev/null
            ls /sys/firmware | wc -l
            (echo 1 > /proc/sys/vm/drop_caches) 2>/dev/null && echo wrote-proc-sys
            (echo b > /proc/sysrq-trigger) 2>/dev/null && echo wrote-sysrq
            for tree in /sys/fs/cgroup/*/; do mkdir $tree/x 2>/dev/null && echo made-cgroup; done
            mkdir /sys/fs/cgroup/x 2>/dev/null && echo made-in-tmpfs
            [ -e /sys/fs/cgroup/memory ] && (echo 8G > /sys/fs/cgroup/memory/memory.limit_in_bytes) 2>/dev/null && echo raised-limit
            grep -c ' /sys sysfs ro' /proc/mounts
            """;

        var output = await RunAsync(host, host.Input("c1", script), compiled);

        output.Should().Be("0\n0\n1\n");
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task Read_only_root_cannot_be_written(string runtime, bool compiled)
    {
        await using var host = new ContainerHost(runtime);
        foreach (var file in new[] { "hosts", "hostname", "resolv.conf" })
            await File.WriteAllTextAsync(Path.Combine(host.Rootfs, "etc", file), "");

        var output = await RunAsync(
            host,
            host.Input("c1", "touch /x 2>&1; touch /etc/hosts 2>&1; echo > /dev/shm/y && cat /etc/hostname") with
            {
                ReadOnly = true,
                Hostname = "web",
            },
            compiled
        );

        output.Should().Contain("/x: Read-only file system").And.Contain("/etc/hosts: Read-only file system");
        output.Should().EndWith("web\n");
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task Capabilities_and_filter_are_the_default_ones_in_every_set(string runtime, bool compiled)
    {
        await using var host = new ContainerHost(runtime);

        var status = Status(
            await RunAsync(host, host.Input("c1", "") with { Command = ["/bin/cat", "/proc/self/status"] }, compiled)
        );

        status["CapBnd"].Should().Be(DefaultMask);
        status["CapPrm"].Should().Be(DefaultMask);
        status["CapEff"].Should().Be(DefaultMask);
        status["CapInh"].Should().Be(NoCapability);
        status["CapAmb"].Should().Be(NoCapability);
        status["NoNewPrivs"].Should().Be("1");
        status["Seccomp"].Should().Be("2");
        status["SigIgn"].Should().Be("0000000000000000");
        status["SigBlk"].Should().Be("0000000000000000");
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task User_other_than_root_has_no_capability(string runtime, bool compiled)
    {
        await using var host = new ContainerHost(runtime);

        var output = await RunAsync(
            host,
            host.Input("c1", "id; echo $HOME; cat /proc/self/status") with
            {
                User = "app",
            },
            compiled
        );

        output.Should().StartWith("uid=1000(app) gid=1001(app) groups=1001(app),1002(logs)\n/home/app\n");
        var status = Status(output);
        status["CapPrm"].Should().Be(NoCapability);
        status["CapEff"].Should().Be(NoCapability);
        status["CapAmb"].Should().Be(NoCapability);
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task Namespaces_are_the_containers_own(string runtime, bool compiled)
    {
        await using var host = new ContainerHost(runtime);
        string[] names = ["pid", "net", "ipc", "uts", "mnt", "cgroup"];

        var output = await RunAsync(
            host,
            host.Input("c1", "ls -l /proc/self/ns; echo pid $$; cat /proc/1/cgroup; hostname") with
            {
                Hostname = "web",
            },
            compiled
        );

        foreach (var name in names)
        {
            var own = new FileInfo($"/proc/self/ns/{name}").LinkTarget!;
            output.Should().Contain($"{name} -> {name}:").And.NotContain(own);
        }
        output.Should().Contain("pid 1\n").And.Contain("pids:/\n").And.EndWith("web\n");
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task Number_of_processes_is_limited(string runtime, bool compiled)
    {
        await using var host = new ContainerHost(runtime);

        var output = await RunAsync(
            host,
            host.Input("c1", "for i in $(seq 40); do sleep 1 & done") with
            {
                // runc itself needs a handful of threads.
                PidsLimit = 20,
            },
            compiled,
            stream: "stderr"
        );

        output.Should().Contain("can't fork");
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task Limits_are_written_to_the_control_group(string runtime, bool compiled)
    {
        await using var host = new ContainerHost(runtime);

        var output = await RunAsync(
            host,
            host.Input(
                "c1",
                "cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/pids.max /sys/fs/cgroup/memory.max 2>/dev/null; grep '/dev/shm' /proc/mounts; grep 'open files' /proc/self/limits"
            ) with
            {
                Memory = 64 * 1024 * 1024,
            },
            compiled
        );

        output.Should().StartWith("2048\n67108864\n");
        output.Should().Contain("size=65536k");
        output.Should().MatchRegex("Max open files +1024 +[0-9]+");
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task Bind_mounts_are_shown_and_read_only_ones_hold(string runtime, bool compiled)
    {
        await using var host = new ContainerHost(runtime);
        var readOnly = Directory.CreateDirectory(Path.Combine(host.Root, "ro")).FullName;
        var writable = Directory.CreateDirectory(Path.Combine(host.Root, "rw")).FullName;
        await File.WriteAllTextAsync(Path.Combine(readOnly, "file"), "kept\n");
        var link = Path.Combine(host.Root, "link");
        File.CreateSymbolicLink(link, readOnly);
        var input = host.Input("c1", "cat /data/file; touch /data/file 2>&1; echo new > /out/file; pwd") with
        {
            Binds = [new(link, "/data", ReadOnly: true), new(writable, "/out")],
            WorkingDirectory = "/out/../out",
        };

        var output = await RunAsync(host, input, compiled);

        output.Should().Be("kept\ntouch: /data/file: Read-only file system\n/out\n");
        (await File.ReadAllTextAsync(Path.Combine(writable, "file"))).Should().Be("new\n");
        new SpecBuilder(host.Program, host.Cgroups)
            .Build(input)
            .Spec.Mounts.Single(mount => mount.Destination == "/data")
            .Source.Should()
            .Be(readOnly);
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task Read_only_bind_holds_for_what_is_mounted_below_it(string runtime, bool compiled)
    {
        await using var host = new ContainerHost(runtime);
        var source = Directory.CreateDirectory(Path.Combine(host.Root, "tree")).FullName;
        var below = Directory.CreateDirectory(Path.Combine(source, "below")).FullName;
        Mount.Classic("tmpfs", below, "tmpfs", MountFlags.None, "size=1m");
        try
        {
            var input = host.Input("c1", "touch /data/x 2>&1; touch /data/below/x 2>&1") with
            {
                Binds = [new(source, "/data", ReadOnly: true)],
            };

            var output = await RunAsync(host, input, compiled);

            output.Should().Be("touch: /data/x: Read-only file system\ntouch: /data/below/x: Read-only file system\n");
        }
        finally
        {
            Mount.TryUnmount(below);
        }
    }

    private static async Task<string> RunAsync(
        ContainerHost host,
        SpecInput input,
        bool compiled,
        string stream = "stdout"
    )
    {
        var cache = compiled ? Path.Combine(host.Root, "seccomp") : null;
        var spec = new SpecBuilder(host.Program, host.Cgroups, cache).Build(input).Spec;
        (spec.Annotations?.ContainsKey(SeccompCompiler.Annotation) ?? false).Should().Be(compiled);
        var container = await host.CreateAsync(input, spec);
        await container.StartAsync();
        await container.WaitAsync();
        return container.Log(stream);
    }

    private static Dictionary<string, string> Status(string text) =>
        text.Split('\n')
            .Select(line => line.Split(':', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1].Trim());
}
