using Vordr.Containers;
using Vordr.Linux;
using Vordr.Processes;
using Vordr.Tests.Engines;

namespace Vordr.Tests.Recovery;

public sealed class SettlingTests
{
    [Fact]
    public async Task Conmon_killed_ends_as_monitor_lost_and_never_with_zero()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var run = await host.RunAsync("sleep 600");
        var details = await host.Engine.InspectAsync(new(Caller.CommandLine, run.Container.Name));

        await KillAsync(details.ConmonPid!.Value);
        var alive = await host.Engine.InspectAsync(new(Caller.CommandLine, run.Container.Name));
        await KillAsync(details.Pid!.Value);
        var end = await host.Engine.WaitAsync(new(Caller.CommandLine, run.Container.Name));

        alive.Summary.State.Should().Be(ContainerState.Running);
        end.ExitCode.Should().Be(-1);
        end.Reason.Should().Be(EndReason.MonitorLost);
    }

    [Fact]
    public async Task Exit_nobody_watches_is_settled_by_the_exit_command()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var run = await host.RunAsync("sleep 1; exit 9");
        using var look = host.Look();
        var row = look.Database.Read(session => session.Container(run.Container.Name));

        // conmon ends after its exit command has.
        await look.Watcher.WaitExitAsync(row.Conmon!, CancellationToken.None);

        // Looked at without the reads that would settle by themselves. The command kills conmon as its last act but one.
        var settled = await PollAsync(() =>
            look.Database.Read(session => session.Container(run.Container.Name)) is { State: ContainerState.Stopped } s
                ? s
                : null
        );
        settled.ExitCode.Should().Be(9);
        settled.Reason.Should().Be(EndReason.Exited);
    }

    [Fact]
    public async Task Boot_that_is_over_ends_its_containers_as_rebooted()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var run = await host.RunAsync("sleep 600");
        var details = await host.Engine.InspectAsync(new(Caller.CommandLine, run.Container.Name));
        using (var look = host.Look())
            look.Database.Write(session => session.Execute("UPDATE containers SET boot = 'another'"));

        var after = await host.Engine.InspectAsync(new(Caller.CommandLine, run.Container.Name));

        after.Summary.State.Should().Be(ContainerState.Stopped);
        after.Summary.Reason.Should().Be(EndReason.Rebooted);
        after.Summary.ExitCode.Should().Be(-1);
        ProcessIdentity.Of(details.Pid!.Value).Should().BeNull();
    }

    [Fact]
    public async Task Settle_twice_and_for_strangers_is_settle_once()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var run = await host.RunAsync("exit 4");
        await host.Engine.WaitAsync(new(Caller.CommandLine, run.Container.Name));

        await host.Engine.SettleAsync(run.Container.Id.ToString());
        await host.Engine.SettleAsync(ContainerId.New().ToString());

        var details = await host.Engine.InspectAsync(new(Caller.CommandLine, run.Container.Name));
        details.Summary.ExitCode.Should().Be(4);
        Directory
            .EnumerateFiles(Path.Join(host.Options.RunRoot, "locks"), "container-*")
            .Should()
            .HaveCountLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Created_container_whose_process_was_killed_is_stopped()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var created = await host.Engine.CreateAsync(EngineHost.Create("true"));
        using var look = host.Look();
        await KillAsync(look.Database.Read(session => session.Container(created.Container.Name)).Process!.Pid);

        var list = await host.Engine.ListAsync(new(Caller.CommandLine) { All = true });

        list.Should().ContainSingle().Which.State.Should().Be(ContainerState.Stopped);
        var started = await host.Engine.StartAsync(new(Caller.CommandLine, created.Container.Name));
        (await host.Engine.WaitAsync(new(Caller.CommandLine, started.Container.Name))).ExitCode.Should().Be(0);
    }

    private static async Task KillAsync(int pid)
    {
        using var watcher = new ProcessWatcher();
        using var pidfd = PidFd.TryOpen(pid)!;
        PidFd.Send(pidfd, Signals.Kill);
        await watcher.WaitReadableAsync(pidfd, CancellationToken.None);
    }

    private static async Task<T> PollAsync<T>(Func<T?> look)
        where T : class
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            if (look() is { } found)
                return found;
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
