using System.Diagnostics;
using Oci.Errors;
using Svalinn.Authentication;
using Svalinn.Tests.Stage;
using Vordr.Client.Binding;
using Vordr.Client.Containers;
using Vordr.Client.Tools;

namespace Svalinn.Tests.Health;

public sealed class RuntimeAwayTests
{
    [Theory]
    [InlineData("GET", "/containers")]
    [InlineData("GET", "/containers/web")]
    [InlineData("GET", "/containers/web/logs")]
    [InlineData("GET", "/images")]
    [InlineData("GET", "/ready")]
    [InlineData("POST", "/containers/web/start")]
    [InlineData("POST", "/containers/web/stop")]
    [InlineData("DELETE", "/containers/web")]
    public async Task Vordr_away_is_503_with_the_title_in_under_two_seconds(string method, string path)
    {
        await using var gateway = await TestGateway.StartAsync(vordr: false);
        await gateway.KeyAsync(Role.Operator);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));

        var answer = await gateway.SendAsync(new HttpMethod(method), path, Role.Operator).WaitAsync(limit.Token);

        var problem = answer.IsProblem(503, "ERR_RUNTIME_UNREACHABLE");
        problem["title"]!.GetValue<string>().Should().Be("MCP server unreachable");
        answer.Message.Headers.RetryAfter.Should().NotBeNull();
    }

    [Fact]
    public async Task Vordr_killed_and_back_needs_no_restart_of_the_gateway()
    {
        await using var gateway = await TestGateway.StartAsync();
        AnswerList(gateway);
        (await gateway.GetAsync("/containers")).Is(200);
        (await gateway.GetAsync("/ready", role: null)).Is(200);

        await gateway.Vordr.StopAsync();
        (await gateway.GetAsync("/containers")).IsProblem(503, "ERR_RUNTIME_UNREACHABLE");
        (await gateway.GetAsync("/ready", role: null)).IsProblem(503, "ERR_RUNTIME_UNREACHABLE");
        var health = (await gateway.GetAsync("/health", role: null)).Is(200).Json;
        health["status"]!.GetValue<string>().Should().Be("degraded");
        health["runtime"]!.GetValue<string>().Should().Be("unreachable");

        await gateway.Vordr.StartAsync();
        AnswerList(gateway);
        (await gateway.GetAsync("/containers")).Is(200);
        (await gateway.GetAsync("/ready", role: null)).Is(200);
        health = (await gateway.GetAsync("/health", role: null)).Is(200).Json;
        health["status"]!.GetValue<string>().Should().Be("healthy");
    }

    [Fact]
    public async Task Health_does_not_wait_for_a_Vordr_that_accepts_and_says_nothing()
    {
        using var directory = new TemporaryDirectory();
        using var silent = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix,
            System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Unspecified
        );
        silent.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(directory.Of("silent.sock")));
        silent.Listen(16);
        await using var gateway = await TestGateway.StartAsync(
            options =>
                options with
                {
                    Runtime = Vordr.Client.VordrEndpoint.Unix(directory.Of("silent.sock")),
                    Limits = options.Limits with { CallTime = TimeSpan.FromSeconds(1) },
                },
            vordr: false
        );

        var began = Stopwatch.StartNew();
        (await gateway.GetAsync("/health", role: null)).Is(200);
        began.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(1));
        (await gateway.GetAsync("/ready", role: null)).IsProblem(503, "ERR_RUNTIME_UNREACHABLE");
        (await gateway.GetAsync("/containers")).Status.Should().BeOneOf(503, 504);
    }

    [Fact]
    public async Task Read_is_tried_again_when_Vordr_was_there_a_moment_ago()
    {
        await using var gateway = await TestGateway.StartAsync();
        AnswerList(gateway);
        (await gateway.GetAsync("/containers")).Is(200);
        var tries = 0;
        gateway.Vordr.Answers(
            VordrTools.List,
            _ =>
                Interlocked.Increment(ref tries) == 1
                    ? throw new PublicError(ErrorId.RuntimeUnreachable, "gone for a moment")
                    : System.Text.Json.Nodes.JsonNode.Parse("""{"containers":[]}""")!
        );

        (await gateway.GetAsync("/containers")).Is(200);

        tries.Should().Be(2);
    }

    [Fact]
    public async Task Error_of_a_tool_is_not_tried_again()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Vordr.Fails(VordrTools.Inspect, new PublicError(ErrorId.ContainerNotFound, "no container 'web'"));

        var problem = (await gateway.GetAsync("/containers/web")).IsProblem(404, "ERR_CONTAINER_NOT_FOUND");

        problem["detail"]!.GetValue<string>().Should().Be("no container 'web'");
        gateway.Vordr.Calls.Should().ContainSingle();
    }

    [Fact]
    public async Task Metrics_say_whether_Vordr_is_up_and_count_requests_by_route()
    {
        await using var gateway = await TestGateway.StartAsync();
        AnswerList(gateway);
        (await gateway.GetAsync("/containers")).Is(200);
        (await gateway.GetAsync("/containers/web%22x", role: null)).Status.Should().Be(401);

        var text = (await gateway.GetAsync("/metrics")).Is(200).Text;

        text.Should().Contain("svalinn_runtime_up 1");
        text.Should().Contain("svalinn_requests_total{method=\"GET\",route=\"/containers\",status=\"200\"} 1");
        text.Should().Contain("svalinn_request_duration_seconds_bucket{route=\"/containers\",le=\"+Inf\"} 1");
        text.Should().NotContain("web");
    }

    private static void AnswerList(TestGateway gateway) =>
        gateway.Vordr.Answers(VordrTools.List, new ContainerList([]), WireJson.Default.ContainerList);
}
