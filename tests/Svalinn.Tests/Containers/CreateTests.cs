using System.Text.Json.Nodes;
using CerroTorre.Bundles;
using Oci;
using Oci.Errors;
using Svalinn.Authentication;
using Svalinn.Tests.Stage;
using Vordr.Client.Binding;
using Vordr.Client.Containers;
using Vordr.Client.Tools;

namespace Svalinn.Tests.Containers;

public sealed class CreateTests : IDisposable
{
    private readonly TestBundles _bundles = new();
    private byte[] _bundle = [];
    private BundleHead _head = null!;

    public void Dispose() => _bundles.Dispose();

    public static TheoryData<string, string> Powers =>
        new()
        {
            { """{"privileged":true}""", "/config/privileged" },
            { """{"capAdd":["CHOWN","SYS_ADMIN"]}""", "/config/capAdd/1" },
            { """{"capAdd":["cap_sys_admin"]}""", "/config/capAdd/0" },
            { """{"capAdd":["ALL"]}""", "/config/capAdd/0" },
            { """{"volumes":["/etc:/host"]}""", "/config/volumes/0" },
            { """{"network":"host"}""", "/config/network" },
            { """{"network":"HOST"}""", "/config/network" },
            { """{"pid":"host"}""", "/config/pid" },
            { """{"ipc":"host"}""", "/config/ipc" },
            { """{"uts":"host"}""", "/config/uts" },
            { """{"devices":["/dev/kmsg"]}""", "/config/devices/0" },
            { """{"securityOpt":["seccomp=unconfined"]}""", "/config/securityOpt/0" },
            { """{"securityOpt":["apparmor:unconfined"]}""", "/config/securityOpt/0" },
            { """{"securityOpt":["no-new-privileges:false"]}""", "/config/securityOpt/0" },
            { """{"pidsLimit":100000}""", "/config/pidsLimit" },
            { """{"pidsLimit":-1}""", "/config/pidsLimit" },
        };

    [Theory, MemberData(nameof(Powers))]
    public async Task Power_over_the_host_is_refused_with_its_pointer_and_nothing_goes_down(
        string config,
        string pointer
    )
    {
        await using var gateway = await StartAsync();

        var problem = (await RunAsync(gateway, config)).IsProblem(403, "ERR_POLICY_DENIED");

        problem["pointer"]!.GetValue<string>().Should().Be(pointer);
        problem["verdict"]!["code"]!.GetValue<string>().Should().Be("POLICY_DENIED");
        gateway.Vordr.Calls.Should().OnlyContain(call => call.Tool == "vordr_verify");
        await TestGateway.UntilAsync(() =>
            gateway.Rows("SELECT 1 FROM audit WHERE kind = 'refused' AND verdict_code = 'POLICY_DENIED'").Count == 1
        );
    }

    [Theory]
    [InlineData(
        """{"privileged":false,"capAdd":null,"volumes":[],"devices":[],"securityOpt":[],"pid":"","network":""}"""
    )]
    [InlineData("""{"capAdd":["CHOWN"],"network":"bridge","pid":"private","pidsLimit":0}""")]
    [InlineData("{}")]
    public async Task Falsy_members_ask_for_nothing(string config)
    {
        await using var gateway = await StartAsync();

        (await RunAsync(gateway, config)).Is(201);
    }

    [Fact]
    public async Task Unsigned_bundle_is_refused_though_Vordr_would_run_it()
    {
        await using var gateway = await StartAsync(signed: false);

        var problem = (await RunAsync(gateway, "{}")).IsProblem(403, "ERR_POLICY_DENIED");

        problem["verdict"]!["code"]!.GetValue<string>().Should().Be("MISSING_ATTESTATION");
        gateway.Vordr.Calls.Should().OnlyContain(call => call.Tool == "vordr_verify");
    }

    [Fact]
    public async Task Evidence_of_another_image_is_refused()
    {
        await using var gateway = await StartAsync();
        var answer = TestBundles.EvidenceFor(_bundle, _head);
        gateway.Vordr.Answers(
            VordrTools.Verify,
            answer with
            {
                ImageDigest = Digest.Of("other"u8),
            },
            WireJson.Default.VerifyAnswer
        );

        (await RunAsync(gateway, "{}")).IsProblem(422, "ERR_DIGEST_MISMATCH");
    }

    [Fact]
    public async Task Run_is_called_by_digest_with_the_rules_as_constraints_for_the_principal_under_the_trace()
    {
        await using var gateway = await StartAsync();

        var answer = (await RunAsync(gateway, """{"readOnly":true}""")).Is(201);

        var call = gateway.Vordr.Calls.Single(call => call.Tool == "vordr_run");
        call.Text("bundle").Should().Be(Digest.Of(_bundle).ToString());
        call.Arguments.TryGetProperty("image", out _).Should().BeFalse();
        var constraints = call.Arguments.GetProperty("constraints");
        constraints.GetProperty("privileged").GetBoolean().Should().BeFalse();
        constraints.GetProperty("pids").GetInt64().Should().Be(2048);
        call.Arguments.GetProperty("config").GetProperty("readOnly").GetBoolean().Should().BeTrue();
        var meta = call.Meta!;
        meta["org.verified-container/principal"]!.GetValue<string>().Should().StartWith("key:");
        var trace = answer.Message.Headers.GetValues("traceresponse").Single().Split('-')[1];
        meta["traceparent"]!.GetValue<string>().Split('-')[1].Should().Be(trace);
        answer.Message.Headers.Location!.ToString().Should().Be($"/containers/{new string('a', 64)}");
        var decision = answer.Json["decision"]!.GetValue<string>();
        (await gateway.GetAsync($"/decisions/{decision}", Role.Auditor)).Is(200).Json["allowed"]!
            .GetValue<bool>()
            .Should()
            .BeTrue();
    }

    [Fact]
    public async Task Intended_row_and_decision_are_on_disk_before_the_call_goes_down()
    {
        await using var gateway = await StartAsync();
        List<Dictionary<string, object>> audit = [];
        List<Dictionary<string, object>> decisions = [];
        gateway.Vordr.Answers(
            VordrTools.Run,
            _ =>
            {
                audit = gateway.Rows("SELECT * FROM audit");
                decisions = gateway.Rows("SELECT * FROM decisions");
                return Created();
            }
        );

        (await RunAsync(gateway, "{}")).Is(201);

        audit.Single()["kind"].Should().Be("intended");
        audit.Single()["subject"].Should().Be("demo/web:1.0");
        decisions.Single()["id"].Should().Be(audit.Single()["decision_id"]);
        await TestGateway.UntilAsync(() => gateway.Rows("SELECT 1 FROM audit").Count == 2);
        var outcome = gateway.Rows("SELECT * FROM audit WHERE kind = 'outcome'").Single();
        outcome["status"].Should().Be(201L);
        outcome["trace_id"].Should().Be(audit.Single()["trace_id"]);
    }

    [Fact]
    public async Task Change_is_sent_once_even_if_Vordr_dies_over_it()
    {
        await using var gateway = await StartAsync();
        gateway.Vordr.Fails(VordrTools.Run, new PublicError(ErrorId.RuntimeUnreachable, "gone"));

        (await RunAsync(gateway, "{}")).IsProblem(503, "ERR_RUNTIME_UNREACHABLE");

        gateway.Vordr.Calls.Count(call => call.Tool == "vordr_run").Should().Be(1);
    }

    [Fact]
    public async Task Create_under_the_version_prefix_locates_the_container_there()
    {
        await using var gateway = await StartAsync();

        var answer = await gateway.PostAsync("/api/v1/containers/create", """{"bundle":"demo/web:1.0","name":"web"}""");

        answer.Is(201);
        answer.Message.Headers.Location!.ToString().Should().Be($"/api/v1/containers/{new string('a', 64)}");
        gateway.Vordr.Calls.Single(call => call.Tool == "vordr_create").Text("name").Should().Be("web");
    }

    [Fact]
    public async Task Policy_of_the_operator_widens_what_may_run()
    {
        await using var gateway = await StartAsync();
        await File.WriteAllTextAsync(
            gateway.PathOf("policy.json"),
            """{"version":1,"mode":"strict","requiredPredicates":[],"run":{"capabilities":["NET_ADMIN"]}}"""
        );

        (await RunAsync(gateway, """{"capAdd":["NET_ADMIN"]}""")).Is(201);
        (await RunAsync(gateway, """{"capAdd":["CHOWN"]}""")).IsProblem(403, "ERR_POLICY_DENIED");
    }

    private async Task<TestGateway> StartAsync(bool signed = true)
    {
        _bundle = await _bundles.PackAsync(signed ? _bundles.Key : null);
        _head = await TestBundles.HeadOfAsync(_bundle);
        var gateway = await TestGateway.StartAsync();
        _bundles.Trust(gateway.PathOf("trust-store.json"));
        gateway.Vordr.Answers(
            VordrTools.Verify,
            TestBundles.EvidenceFor(_bundle, _head),
            WireJson.Default.VerifyAnswer
        );
        gateway.Vordr.Answers(VordrTools.Run, _ => Created());
        gateway.Vordr.Answers(VordrTools.Create, _ => Created());
        return gateway;
    }

    private JsonNode Created() =>
        System.Text.Json.JsonSerializer.SerializeToNode(
            new CreateAnswer
            {
                Id = new string('a', 64),
                Name = "web",
                Image = "demo/web:1.0",
                ImageDigest = _head.Root.Digest,
                State = "running",
                Unverified = false,
                Decision = 3,
                Notes = [],
            },
            WireJson.Default.CreateAnswer
        )!;

    private static Task<Answer> RunAsync(TestGateway gateway, string config) =>
        gateway.PostAsync("/run", $$"""{"bundle":"demo/web:1.0","config":{{config}}}""");
}
