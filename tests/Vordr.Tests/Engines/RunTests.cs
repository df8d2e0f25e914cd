using System.Text;
using Oci.Errors;
using Vordr.Containers;
using Vordr.Networks;

namespace Vordr.Tests.Engines;

public sealed class RunTests
{
    [Fact]
    public async Task Run_foreground_hands_streams_and_exit_code_through()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();

        var (result, output, error) = await host.ForegroundAsync("echo out; echo err >&2; exit 3");

        result.ExitCode.Should().Be(3);
        output.Should().Be("out\n");
        error.Should().Be("err\n");
        result.Container.State.Should().Be(ContainerState.Stopped);
        result.Container.Reason.Should().Be(EndReason.Exited);
    }

    [Fact]
    public async Task Run_foreground_hands_input_through()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        using var input = new MemoryStream("spoken"u8.ToArray());
        using var output = new MemoryStream();

        var result = await host.Engine.RunAsync(
            new()
            {
                Create = EngineHost.Create("cat", new ContainerOptions { Network = "none", Interactive = true }),
                Streams = new ContainerStreams(input, output, Stream.Null),
            }
        );

        result.ExitCode.Should().Be(0);
        Encoding.UTF8.GetString(output.ToArray()).Should().Be("spoken");
    }

    [Fact]
    public async Task Run_that_removes_itself_leaves_nothing_but_its_exit_code()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();

        var (result, _, _) = await host.ForegroundAsync(
            "exit 7",
            new ContainerOptions { Network = "none", AutoRemove = true }
        );

        result.ExitCode.Should().Be(7);
        (await host.Engine.ListAsync(new(Caller.CommandLine) { All = true })).Should().BeEmpty();
        Traces.Of(host).Should().BeEmpty();
    }

    [Fact]
    public async Task Run_detached_lives_until_it_is_stopped_and_removed()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();

        var run = await host.RunAsync("trap 'exit 5' TERM; echo ready; while :; do sleep 1 & wait $!; done");
        await host.SaysAsync(run.Container.Id, "ready");
        var details = await host.Engine.InspectAsync(new(Caller.CommandLine, run.Container.Name));
        var end = await host.Engine.StopAsync(new(Caller.CommandLine, run.Container.Id.Short));
        var again = await host.Engine.StopAsync(new(Caller.CommandLine, run.Container.Name));

        details.Summary.State.Should().Be(ContainerState.Running);
        details.Pid.Should().BePositive();
        details.Capabilities.Should().NotContain("CAP_SYS_ADMIN");
        end.ExitCode.Should().Be(5);
        end.Reason.Should().Be(EndReason.Stopped);
        again.Should().Be(end);
        await host.Engine.RemoveAsync(new(Caller.CommandLine, run.Container.Name));
        Traces.Of(host).Should().BeEmpty();
    }

    [Fact]
    public async Task Stop_that_is_ignored_ends_in_a_kill()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var run = await host.RunAsync("trap '' TERM; echo ready; while :; do sleep 1; done");
        await host.SaysAsync(run.Container.Id, "ready");

        var end = await host.Engine.StopAsync(
            new(Caller.CommandLine, run.Container.Name, TimeSpan.FromMilliseconds(200))
        );

        end.ExitCode.Should().Be(137);
        end.Reason.Should().Be(EndReason.Stopped);
    }

    [Fact]
    public async Task Start_of_a_stopped_container_keeps_what_it_wrote()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var run = await host.ForegroundAsync("cat /kept 2>/dev/null; echo written > /kept");
        using var output = new MemoryStream();

        var again = await host.Engine.StartAsync(
            new(Caller.CommandLine, run.Result.Container.Name)
            {
                Streams = new ContainerStreams(null, output, Stream.Null),
            }
        );

        run.Output.Should().BeEmpty();
        again.ExitCode.Should().Be(0);
        Encoding.UTF8.GetString(output.ToArray()).Should().Be("written\n");
    }

    [Fact]
    public async Task Create_then_start_runs_it_and_both_decisions_are_told()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();

        var created = await host.Engine.CreateAsync(EngineHost.Create("sleep 60"));
        var started = await host.Engine.StartAsync(new(Caller.CommandLine, created.Container.Name));
        var last = await host.Engine.ExplainAsync(new(Caller.CommandLine));

        created.Container.State.Should().Be(ContainerState.Created);
        started.Container.State.Should().Be(ContainerState.Running);
        last.Id.Should().Be(started.Decision);
        last.Operation.Should().Be("start");
        last.Container.Should().Be(created.Container.Id.ToString());
        last.Verdict.Allowed.Should().BeTrue();
    }

    [Fact]
    public async Task Run_name_that_is_taken_is_refused_and_the_first_goes_on()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var named = new ContainerOptions { Name = "only", Network = "none" };
        await host.RunAsync("sleep 60", named);

        var second = () => host.RunAsync("sleep 60", named);

        (await second.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.ContainerExists);
        (await host.Engine.ListAsync(new(Caller.CommandLine))).Should().ContainSingle();
    }

    [Fact]
    public async Task Run_command_that_does_not_exist_leaves_nothing()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var request = EngineHost.Create("") with { Options = new ContainerOptions { Command = ["/nope"] } };

        var run = () => host.Engine.RunAsync(new() { Create = request });

        var error = (await run.Should().ThrowAsync<PublicError>()).Which;
        error.Id.Should().Be(ErrorId.RuntimeExec, error.Message);
        (await host.Engine.ListAsync(new(Caller.CommandLine) { All = true })).Should().BeEmpty();
        Traces.Of(host).Should().BeEmpty();
    }

    [Fact]
    public async Task Run_publishes_a_port_and_stop_gives_it_back()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var port = new PublishedPort { HostPort = 0, ContainerPort = 80 };

        var run = await host.RunAsync(
            "httpd -p 80 -h /www; echo ready; sleep 60",
            new ContainerOptions { Name = "web", Ports = [port] }
        );

        await host.SaysAsync(run.Container.Id, "ready");
        var published = run.Container.Ports.Should().ContainSingle().Which;
        (await FetchAsync(published.HostPort)).Should().Be("served\n");
        var taken = () => host.RunAsync("true", new ContainerOptions { Ports = [published] });
        (await taken.Should().ThrowAsync<PublicError>()).Which.Message.Should().Contain("web");
        await host.Engine.StopAsync(new(Caller.CommandLine, "web", TimeSpan.Zero));
        var free = await host.RunAsync("sleep 60", new ContainerOptions { Name = "next", Ports = [published] });
        free.Container.Ports.Should().Equal(published);
        await host.Engine.RemoveAsync(new(Caller.CommandLine, "next", Force: true));
        await host.Engine.RemoveAsync(new(Caller.CommandLine, "web"));
        Traces.Of(host).Should().BeEmpty();
    }

    [Fact]
    public async Task Run_out_of_memory_is_told_as_such()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();

        var run = await host.RunAsync(
            "dd if=/dev/zero of=/dev/null bs=64M count=4",
            new ContainerOptions { Network = "none", Memory = 16 << 20 }
        );
        var end = await host.Engine.WaitAsync(new(Caller.CommandLine, run.Container.Name));

        end.Reason.Should().Be(EndReason.OutOfMemory);
        (await host.Engine.InspectAsync(new(Caller.CommandLine, run.Container.Name))).OomKilled.Should().BeTrue();
    }

    [Fact]
    public async Task Exec_runs_in_the_container_and_needs_it_running()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var run = await host.RunAsync("echo here > /file; echo ready; sleep 60");
        await host.SaysAsync(run.Container.Id, "ready");
        var id = run.Container.Name;

        var exec = await host.Engine.ExecAsync(
            new(Caller.CommandLine, id, ["/bin/sh", "-c", "cat /file; echo no >&2; exit 4"])
        );
        await host.Engine.StopAsync(new(Caller.CommandLine, id, TimeSpan.Zero));
        var late = () => host.Engine.ExecAsync(new(Caller.CommandLine, id, ["true"]));

        exec.ExitCode.Should().Be(4);
        Encoding.UTF8.GetString(exec.Output.Span).Should().Be("here\n");
        Encoding.UTF8.GetString(exec.Error.Span).Should().Be("no\n");
        (await late.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.ContainerStopped);
    }

    private static async Task<string> FetchAsync(int port)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/index.html"));
    }
}
