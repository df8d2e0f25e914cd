using System.Text;
using Oci;
using Oci.Errors;
using Vordr.Containers;
using Vordr.Tests.Engines;

namespace Vordr.Tests.Calls;

public sealed class IdempotencyTests
{
    private static readonly Digest Arguments = Digest.Of("{}"u8);

    [Fact]
    public async Task Run_other_arguments_under_one_key_are_refused()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        await RunAsync(host, new("key", Arguments));

        var other = () => RunAsync(host, new("key", Digest.Of("[]"u8)));

        (await other.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.IdempotencyMismatch);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with blank")]
    [InlineData("ümlaut")]
    public async Task Run_key_that_is_none_is_refused(string key)
    {
        await using var host = new EngineHost();
        await host.LoadAsync();

        var run = () => RunAsync(host, new(key, Arguments));

        (await run.Should().ThrowAsync<PublicError>()).Which.Id.Should().Be(ErrorId.Usage);
    }

    [Fact]
    public async Task Run_repeated_is_the_same_container_also_at_once()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();

        var runs = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => RunAsync(host, new("key", Arguments))))
        );

        runs.Select(run => run.Container.Id).Distinct().Should().ContainSingle();
        (await host.Engine.ListAsync(new(Caller.CommandLine))).Should().ContainSingle();
        Directory.EnumerateFiles(Path.Join(host.Options.RunRoot, "locks"), "call-*").Should().BeEmpty();
    }

    [Fact]
    public async Task Run_of_another_principal_under_the_same_key_is_another_call()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();

        var mine = await RunAsync(host, new("key", Arguments));
        var other = await RunAsync(host, new("key", Arguments), new Caller(Origin.Remote, "other"));

        other.Container.Id.Should().NotBe(mine.Container.Id);
    }

    [Fact]
    public async Task Run_that_was_rolled_back_is_no_outcome()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var broken = Request(new("key", Arguments)) with { Options = new ContainerOptions { Command = ["/nope"] } };

        var first = () => host.Engine.RunAsync(new() { Create = broken });
        await first.Should().ThrowAsync<PublicError>();
        var second = await RunAsync(host, new("key", Arguments));

        second.Container.State.Should().Be(ContainerState.Running);
    }

    [Fact]
    public async Task Exec_repeated_is_done_once_and_answers_the_same()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var run = await host.RunAsync("sleep 60");
        ExecRequest exec = new(
            Caller.CommandLine,
            run.Container.Name,
            ["/bin/sh", "-c", "echo x >> /count; cat /count; exit 2"]
        )
        {
            IdempotencyKey = new("key", Arguments),
        };

        var first = await host.Engine.ExecAsync(exec);
        var second = await host.Engine.ExecAsync(exec);

        second.ExitCode.Should().Be(2);
        Encoding.UTF8.GetString(second.Output.Span).Should().Be("x\n");
        second.Output.ToArray().Should().Equal(first.Output.ToArray());
    }

    [Fact]
    public async Task Stop_repeated_answers_the_same()
    {
        await using var host = new EngineHost();
        await host.LoadAsync();
        var run = await host.RunAsync("sleep 60");
        StopRequest stop = new(Caller.CommandLine, run.Container.Name, TimeSpan.Zero)
        {
            IdempotencyKey = new("key", Arguments),
        };

        var first = await host.Engine.StopAsync(stop);
        var second = await host.Engine.StopAsync(stop);

        second.Should().Be(first);
        first.ExitCode.Should().Be(137);
    }

    private static CreateRequest Request(IdempotencyKey key, Caller? caller = null) =>
        EngineHost.Create("sleep 60") with
        {
            Caller = caller ?? Caller.CommandLine,
            IdempotencyKey = key,
        };

    private static Task<StartResult> RunAsync(EngineHost host, IdempotencyKey key, Caller? caller = null) =>
        host.Engine.RunAsync(new() { Create = Request(key, caller) });
}
