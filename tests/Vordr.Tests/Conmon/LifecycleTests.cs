using System.Text;
using Oci.Errors;
using Vordr.Cgroups;
using Vordr.Conmon;
using Vordr.Linux;
using Vordr.Processes;
using Vordr.Runtimes;
using Vordr.Specs;
using Vordr.Tests.Runtimes;

namespace Vordr.Tests.Conmon;

public sealed class LifecycleTests
{
    [Theory]
    [InlineData("runc", "/nope", 127)]
    [InlineData("crun", "/nope", 127)]
    [InlineData("runc", "nope", 127)]
    [InlineData("crun", "nope", 127)]
    [InlineData("runc", "/etc/passwd", 126)]
    [InlineData("crun", "/etc/passwd", 126)]
    [InlineData("runc", "/etc", 126)]
    [InlineData("crun", "/etc", 126)]
    public async Task Create_command_that_cannot_be_executed_says_so_and_leaves_nothing(
        string runtime,
        string command,
        int code
    )
    {
        await using var host = new ContainerHost(runtime);

        var create = () => host.CreateAsync(host.Input("c1", "") with { Command = [command] });

        var error = (await create.Should().ThrowAsync<PublicError>()).Which;
        error.Id.Should().Be(ErrorId.RuntimeExec, error.Message);
        error.ExitCode.Should().Be(code, error.Message);
        (await host.Runtime.StateAsync("c1", CancellationToken.None)).Should().BeNull();
        host.Cgroups.Processes(CgroupPaths.Conmon(host.Instance, "c1")).Should().BeEmpty();
    }

    [Theory]
    [InlineData("runc")]
    [InlineData("crun")]
    public async Task Create_spec_that_the_runtime_refuses_surfaces_its_words(string runtime)
    {
        await using var host = new ContainerHost(runtime);
        var input = host.Input("c1", "true");
        var spec = new SpecBuilder(host.Program, host.Cgroups).Build(input).Spec;

        var create = () => host.CreateAsync(input, spec with { Root = new("/nonexistent-root") });

        var error = (await create.Should().ThrowAsync<PublicError>()).Which;
        error.Id.Should().Be(ErrorId.Runtime);
        error.Message.Should().Contain("nonexistent-root");
    }

    [Theory]
    [InlineData("runc")]
    [InlineData("crun")]
    public async Task Wait_conmon_killed_tells_that_nobody_knows_the_code(string runtime)
    {
        await using var host = new ContainerHost(runtime);
        var container = await host.CreateAsync(host.Input("c1", "sleep 60"));
        await container.StartAsync();
        var wait = container.WaitAsync();

        using (var conmon = PidFd.TryOpen(container.Process.Conmon.Pid)!)
            PidFd.Send(conmon, Signals.Kill);

        var exit = await wait;
        exit.MonitorLost.Should().BeTrue();
        exit.ExitCode.Should().Be(-1);
    }

    [Theory]
    [InlineData("runc")]
    [InlineData("crun")]
    public async Task Container_runs_logs_and_exits_with_its_code(string runtime)
    {
        await using var host = new ContainerHost(runtime);

        var (exit, output, error) = await host.RunAsync(host.Input("c1", "echo out; echo err >&2; exit 3"));

        exit.ExitCode.Should().Be(3);
        exit.MonitorLost.Should().BeFalse();
        exit.OomKilled.Should().BeFalse();
        output.Should().Be("out\n");
        error.Should().Be("err\n");
        await host.Runtime.DeleteAsync("c1", force: false, CancellationToken.None);
        await host.Runtime.DeleteAsync("c1", force: false, CancellationToken.None);
        (await host.Runtime.StateAsync("c1", CancellationToken.None)).Should().BeNull();
        host.Cgroups.Trees.Should()
            .NotContain(tree => Directory.Exists(tree.Directory(CgroupPaths.Container(host.Instance, "c1"))));
    }

    [Theory]
    [InlineData("runc")]
    [InlineData("crun")]
    public async Task Created_container_is_alive_and_not_started_until_it_is_told(string runtime)
    {
        await using var host = new ContainerHost(runtime);
        var container = await host.CreateAsync(host.Input("c1", "echo started; sleep 60"));

        (await host.Runtime.StateAsync("c1", CancellationToken.None))!.Status.Should().Be("created");
        container.Process.Init.IsAlive().Should().BeTrue();
        container.Process.Conmon.IsAlive().Should().BeTrue();
        host.Cgroups.Processes(CgroupPaths.Conmon(host.Instance, "c1")).Should().Contain(container.Process.Conmon.Pid);
        (await File.ReadAllTextAsync($"/proc/{container.Process.Conmon.Pid}/cgroup"))
            .Should()
            .Contain($"pids:/{host.Instance}/conmon-c1");

        await container.StartAsync();

        (await host.Runtime.StateAsync("c1", CancellationToken.None))!.Status.Should().Be("running");
        (await host.Runtime.KillAsync("c1", Signals.Kill, all: false, CancellationToken.None)).Should().BeTrue();
        var exit = await container.WaitAsync();
        exit.ExitCode.Should().Be(137);
        exit.OomKilled.Should().BeFalse();
        container.Process.Init.IsAlive().Should().BeFalse();
        (await host.Runtime.KillAsync("c1", Signals.Kill, all: false, CancellationToken.None)).Should().BeFalse();
    }

    [Theory]
    [InlineData("runc")]
    [InlineData("crun")]
    public async Task Attach_before_start_loses_nothing(string runtime)
    {
        await using var host = new ContainerHost(runtime);
        var container = await host.CreateAsync(
            host.Input("c1", "cat; echo to-stderr >&2; dd if=/dev/zero bs=64k count=32 2>/dev/null | tr '\\0' x"),
            standardInput: true
        );
        await using var attach = await AttachConnection.ConnectAsync(container.Directory, CancellationToken.None);
        await container.StartAsync();
        using var output = new MemoryStream();
        using var error = new MemoryStream();

        await attach.PumpAsync(new MemoryStream("from outside\n"u8.ToArray()), output, error, CancellationToken.None);

        var text = Encoding.UTF8.GetString(output.ToArray());
        text.Should().StartWith("from outside\n");
        text.Length.Should().Be("from outside\n".Length + 32 * 64 * 1024);
        Encoding.UTF8.GetString(error.ToArray()).Should().Be("to-stderr\n");
        (await container.WaitAsync()).ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("runc")]
    [InlineData("crun")]
    public async Task Memory_limit_reached_is_told_as_oom_kill(string runtime)
    {
        await using var host = new ContainerHost(runtime);

        var (exit, _, _) = await host.RunAsync(
            host.Input("c1", "exec dd if=/dev/zero of=/dev/null bs=200M count=1") with
            {
                Memory = 32 * 1024 * 1024,
            }
        );

        exit.ExitCode.Should().Be(137);
        (exit.OomKilled || host.Cgroups.OomKills(CgroupPaths.Container(host.Instance, "c1")) > 0).Should().BeTrue();
    }

    [Theory]
    [InlineData("runc", "crun")]
    [InlineData("crun", "runc")]
    public async Task Container_stays_with_the_runtime_that_made_it(string runtime, string chosenLater)
    {
        await using var host = new ContainerHost(runtime);
        Assert.SkipUnless(RuntimeLocator.TryFind(chosenLater) is not null, $"needs {chosenLater}");
        var container = await host.CreateAsync(host.Input("c1", "sleep 60"));
        var later = new OciRuntime(
            new RuntimeLocator(host.Cgroups, ["/bin/false"]),
            Path.Combine(host.Root, "oci"),
            host.Watcher,
            chosenLater
        );

        await later.StartAsync("c1", CancellationToken.None);

        (await later.StateAsync("c1", CancellationToken.None))!.Status.Should().Be("running");
        await later.DeleteAsync("c1", force: true, CancellationToken.None);
        (await container.WaitAsync()).ExitCode.Should().Be(137);
        (await host.Runtime.StateAsync("c1", CancellationToken.None)).Should().BeNull();
    }

    [Fact]
    public async Task Exit_command_runs_with_its_arguments_after_the_exit_file_is_there()
    {
        await using var host = new ContainerHost("crun");
        var input = host.Input("c1", "exit 7");
        var spec = new SpecBuilder(host.Program, host.Cgroups).Build(input).Spec;
        var marker = Path.Combine(host.Root, "settled");

        var container = await host.CreateAsync(
            input,
            spec,
            exitCommand: ["/bin/cp", Path.Combine(host.ExitDirectory, "c1"), marker]
        );
        await container.StartAsync();
        await host.Watcher.WaitExitAsync(container.Process.Conmon, CancellationToken.None);

        (await File.ReadAllTextAsync(marker)).Should().Be("7");
    }
}
