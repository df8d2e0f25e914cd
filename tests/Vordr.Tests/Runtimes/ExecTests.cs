using System.Text;
using Oci.Errors;
using Vordr.Specs;

namespace Vordr.Tests.Runtimes;

public sealed class ExecTests
{
    public static TheoryData<string> Runtimes => new("runc", "crun");

    [Theory]
    [InlineData("runc", "/nope", 127)]
    [InlineData("crun", "/nope", 127)]
    [InlineData("runc", "/etc/passwd", 126)]
    [InlineData("crun", "/etc/passwd", 126)]
    public async Task Command_that_cannot_be_executed_is_told_from_one_that_failed(
        string runtime,
        string command,
        int code
    )
    {
        await using var host = new ContainerHost(runtime);
        var container = await StartedAsync(host);

        var exec = () => container.ExecAsync(command);

        var error = (await exec.Should().ThrowAsync<PublicError>()).Which;
        error.Id.Should().Be(ErrorId.RuntimeExec);
        error.ExitCode.Should().Be(code);
        (await container.ExecAsync("/bin/sh", "-c", $"exit {code}")).ExitCode.Should().Be(code);
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task Process_has_no_more_than_the_containers_init(string runtime)
    {
        await using var host = new ContainerHost(runtime);
        var container = await StartedAsync(host, input => input with { CapDrop = ["CHOWN"] });

        var result = await container.ExecAsync(
            "/bin/sh",
            "-c",
            "for file in /proc/1/status /proc/self/status; do grep -E '^(Cap|NoNewPrivs|Seccomp:)' $file; echo --; done; cat /proc/self/cgroup"
        );

        var parts = Encoding.UTF8.GetString(result.Output.Span).Split("--\n");
        parts[1].Should().Be(parts[0]).And.Contain("CapBnd:\t00000000800405fa").And.Contain("Seccomp:\t2");
        parts[2].Should().Contain("pids:/\n").And.Contain("memory:/\n");
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task Output_is_captured_up_to_the_limit_and_code_passed_on(string runtime)
    {
        await using var host = new ContainerHost(runtime);
        var container = await StartedAsync(host);

        var result = await container.ExecAsync(
            new ExecOptions { Command = ["/bin/sh", "-c", "cat; echo err >&2; yes | head -c 100000; exit 9"] },
            request => request with { Input = "in "u8.ToArray(), CaptureLimit = 1000 }
        );

        result.ExitCode.Should().Be(9);
        Encoding.UTF8.GetString(result.Output.Span).Should().StartWith("in y\ny\n").And.HaveLength(1000);
        Encoding.UTF8.GetString(result.Error.Span).Should().Be("err\n");
        result.Truncated.Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task Time_is_up_kills_the_process_inside(string runtime)
    {
        await using var host = new ContainerHost(runtime);
        var container = await StartedAsync(host);

        var result = await container.ExecAsync(
            new ExecOptions { Command = ["/bin/sh", "-c", "echo before; exec sleep 50"] },
            request => request with { Timeout = TimeSpan.FromMilliseconds(500) }
        );

        result.TimedOut.Should().BeTrue();
        Encoding.UTF8.GetString(result.Output.Span).Should().Be("before\n");
        var processes = await container.ExecAsync("/bin/sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '");
        Encoding.UTF8.GetString(processes.Output.Span).Should().NotContain("sleep 50");
    }

    // runc copies the streams itself, and waits for their end: there only a time limit helps.
    [Theory]
    [InlineData("crun", false)]
    [InlineData("runc", true)]
    public async Task Process_left_in_the_background_does_not_hold_the_answer(string runtime, bool timeIsUp)
    {
        await using var host = new ContainerHost(runtime);
        var container = await StartedAsync(host);

        var result = await container.ExecAsync(
            new ExecOptions { Command = ["/bin/sh", "-c", "sleep 60 & echo gone"] },
            request => request with { Timeout = TimeSpan.FromSeconds(timeIsUp ? 1 : 20) }
        );

        result.TimedOut.Should().Be(timeIsUp);
        Encoding.UTF8.GetString(result.Output.Span).Should().Be("gone\n");
    }

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task User_environment_and_directory_are_as_asked(string runtime)
    {
        await using var host = new ContainerHost(runtime);
        var container = await StartedAsync(host, input => input with { Env = ["A=1", "B=2"] });

        var result = await container.ExecAsync(
            new ExecOptions
            {
                Command = ["/bin/sh", "-c", "id -u; id -g; pwd; echo $A $B $HOME"],
                User = "app:logs",
                Env = ["B=3"],
                WorkingDirectory = "/tmp",
            }
        );

        Encoding.UTF8.GetString(result.Output.Span).Should().Be("1000\n1002\n/tmp\n1 3 /home/app\n");
    }

    private static async Task<TestContainer> StartedAsync(ContainerHost host, Func<SpecInput, SpecInput>? with = null)
    {
        var input = host.Input("c1", "sleep 60");
        var spec = new SpecBuilder(host.Program, host.Cgroups, Path.Combine(host.Root, "seccomp"))
            .Build(with?.Invoke(input) ?? input)
            .Spec;
        var container = await host.CreateAsync(input, spec);
        await container.StartAsync();
        return container;
    }
}
