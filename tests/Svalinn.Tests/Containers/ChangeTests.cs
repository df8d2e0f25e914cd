using System.Text.Json.Nodes;
using Svalinn.Tests.Stage;
using Vordr.Client.Binding;
using Vordr.Client.Containers;
using Vordr.Client.Tools;

namespace Svalinn.Tests.Containers;

public sealed class ChangeTests : IDisposable
{
    private static readonly string s_id = new('c', 64);
    private readonly TestBundles _bundles = new();

    public void Dispose() => _bundles.Dispose();

    [Fact]
    public async Task Start_asks_for_a_verdict_and_refuses_what_is_not_trusted_any_more()
    {
        await using var gateway = await StartAsync();
        (await gateway.PostAsync("/containers/web/start")).Is(200);

        File.Delete(gateway.PathOf("trust-store.json"));

        (await gateway.PostAsync("/containers/web/start")).IsProblem(403, "ERR_POLICY_DENIED");
        gateway.Vordr.Calls.Count(call => call.Tool == "vordr_start").Should().Be(1);
    }

    [Fact]
    public async Task Start_of_a_privileged_container_is_refused_whoever_made_it()
    {
        await using var gateway = await StartAsync(new ContainerConfig { Privileged = true });

        (await gateway.PostAsync("/containers/web/start")).IsProblem(403, "ERR_POLICY_DENIED");

        gateway.Vordr.Calls.Should().NotContain(call => call.Tool == "vordr_start");
    }

    [Fact]
    public async Task Start_names_the_container_by_its_id()
    {
        await using var gateway = await StartAsync();

        (await gateway.PostAsync("/containers/web/start")).Is(200).Json["state"]!
            .GetValue<string>()
            .Should()
            .Be("running");

        var call = gateway.Vordr.Calls.Single(call => call.Tool == "vordr_start");
        call.Text("container").Should().Be(s_id);
        call.Arguments.GetProperty("constraints").GetProperty("hostNetwork").GetBoolean().Should().BeFalse();
    }

    [Theory]
    [InlineData("/containers/web/stop", null)]
    [InlineData("/containers/web/stop?timeout=3", null)]
    [InlineData("/containers/web/stop", """{"timeout":3}""")]
    public async Task Stop_takes_its_time_from_body_or_query_and_is_audited(string path, string? body)
    {
        await using var gateway = await StartAsync();
        gateway.Vordr.Answers(
            VordrTools.Stop,
            new ContainerState(s_id, "web", "exited", 0),
            WireJson.Default.ContainerState
        );

        (await gateway.PostAsync(path, body)).Is(200).Json["exitCode"]!.GetValue<int>().Should().Be(0);

        var call = gateway.Vordr.Calls.Single();
        if (body is not null || path.Contains('?'))
            call.Arguments.GetProperty("timeout").GetInt32().Should().Be(3);
        await TestGateway.UntilAsync(() =>
            gateway.Rows("SELECT 1 FROM audit WHERE operation = 'container.stop'").Count == 2
        );
    }

    [Fact]
    public async Task Remove_is_204_without_a_body()
    {
        await using var gateway = await StartAsync();
        gateway.Vordr.Answers(VordrTools.Remove, new RemoveAnswer(s_id, "web"), WireJson.Default.RemoveAnswer);

        var answer = (await gateway.DeleteAsync("/containers/web?force=true")).Is(204);

        answer.Text.Should().BeEmpty();
        gateway.Vordr.Calls.Single().Arguments.GetProperty("force").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task Exec_hands_everything_down_with_the_rules_and_nothing_of_it_into_the_log()
    {
        await using var gateway = await StartAsync();
        gateway.Vordr.Answers(
            VordrTools.Exec,
            _ => JsonNode.Parse("""{"exitCode":3,"stdout":"out","stderr":"err","truncated":false,"timedOut":false}""")!
        );

        var answer = await gateway.PostAsync(
            "/containers/web/exec",
            """{"command":["sh","-c","exit 3"],"env":{"TOKEN":"s3cr3t"},"workdir":"/","user":"1000","timeout":5}"""
        );

        answer.Is(200).Json["exitCode"]!.GetValue<int>().Should().Be(3);
        var call = gateway.Vordr.Calls.Single();
        call.Arguments.GetProperty("env").GetProperty("TOKEN").GetString().Should().Be("s3cr3t");
        call.Arguments.GetProperty("constraints").GetProperty("privileged").GetBoolean().Should().BeFalse();
        gateway.Log.Lines.Should().NotContain(line => line.Contains("s3cr3t", StringComparison.Ordinal));
        gateway
            .Rows("SELECT * FROM audit")
            .SelectMany(row => row.Values)
            .Should()
            .NotContain(value => value.ToString()!.Contains("s3cr3t"));
    }

    private async Task<TestGateway> StartAsync(ContainerConfig? config = null)
    {
        var bundle = await _bundles.PackAsync(_bundles.Key);
        var head = await TestBundles.HeadOfAsync(bundle);
        var gateway = await TestGateway.StartAsync();
        _bundles.Trust(gateway.PathOf("trust-store.json"));
        var evidence = TestBundles.EvidenceFor(bundle, head);
        gateway.Vordr.Answers(VordrTools.Verify, evidence, WireJson.Default.VerifyAnswer);
        gateway.Vordr.Answers(
            VordrTools.Inspect,
            new ContainerDetails
            {
                Id = s_id,
                Name = "web",
                Image = "demo/web:1.0",
                ImageDigest = head.Root.Digest,
                BundleDigest = evidence.BundleDigest!.Value,
                Command = [],
                State = "created",
                Created = DateTimeOffset.UnixEpoch,
                Config = config ?? new ContainerConfig(),
                Network = "bridge",
                Ports = [],
                Unverified = false,
                User = "0:0",
                Workdir = "/",
                Env = new Dictionary<string, string>(),
                Capabilities = [],
                Runtime = "crun",
                OomKilled = false,
                Notes = [],
            },
            WireJson.Default.ContainerDetails
        );
        gateway.Vordr.Answers(
            VordrTools.Start,
            new ContainerState(s_id, "web", "running"),
            WireJson.Default.ContainerState
        );
        return gateway;
    }
}
