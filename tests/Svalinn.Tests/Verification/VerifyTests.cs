using System.Text;
using System.Text.Json.Nodes;
using Svalinn.Authentication;
using Svalinn.Tests.Stage;
using Trust.Keys;
using Vordr.Client.Binding;
using Vordr.Client.Tools;

namespace Svalinn.Tests.Verification;

public sealed class VerifyTests : IDisposable
{
    private readonly TestBundles _bundles = new();

    public void Dispose() => _bundles.Dispose();

    [Theory]
    [InlineData("""{"attestations":{},"bundle":"a:1"}""", "/attestations")]
    [InlineData("""{"attestations":{}}""", "/attestations")]
    [InlineData(
        """{"attestations":{"mediaType":"application/vnd.verified-container.attestations.v1+json","attestations":[],"logEntries":[]}}""",
        "/attestations"
    )]
    [InlineData("""{"bundle":"a:1","policy":{"mode":"lax"}}""", "/policy")]
    public async Task Body_that_names_nothing_to_judge_is_refused(string body, string pointer)
    {
        await using var gateway = await TestGateway.StartAsync();

        var problem = (await gateway.PostAsync("/verify", body, Role.Viewer)).IsProblem(400, "ERR_USAGE");

        problem["pointer"]!.GetValue<string>().Should().StartWith(pointer);
    }

    [Fact]
    public async Task Inline_attestations_of_a_stranger_give_the_verdict_and_decide_nothing()
    {
        await using var gateway = await TestGateway.StartAsync();
        _bundles.Trust(gateway.PathOf("trust-store.json"));
        using var stranger = SigningKey.Generate();

        var answer = await VerifyInlineAsync(gateway, stranger);

        answer.Is(200).Json["verdict"]!["allowed"]!.GetValue<bool>().Should().BeFalse();
        answer.Json["verdict"]!["code"]!.GetValue<string>().Should().Be("UNKNOWN_KEY");
        gateway.Rows("SELECT * FROM decisions").Should().BeEmpty();
        gateway.Rows("SELECT * FROM audit").Should().BeEmpty();
        gateway.Vordr.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task Inline_attestations_of_a_trusted_key_are_allowed_whatever_the_white_space()
    {
        await using var gateway = await TestGateway.StartAsync();
        _bundles.Trust(gateway.PathOf("trust-store.json"));

        var json = (await VerifyInlineAsync(gateway, _bundles.Key)).Is(200).Json;

        json["verdict"]!["allowed"]!.GetValue<bool>().Should().BeTrue(json.ToJsonString());
        json["image"]!.GetValue<string>().Should().Be("demo/web:1.0");
    }

    [Fact]
    public async Task Stored_bundle_is_judged_by_the_gateways_own_store_and_by_another_policy_if_asked()
    {
        await using var gateway = await TestGateway.StartAsync();
        var bundle = await _bundles.PackAsync(key: null);
        var head = await TestBundles.HeadOfAsync(bundle);
        gateway.Vordr.Answers(VordrTools.Verify, TestBundles.EvidenceFor(bundle, head), WireJson.Default.VerifyAnswer);

        var strict = (await gateway.PostAsync("/verify", """{"bundle":"demo/web:1.0"}""", Role.Viewer)).Is(200).Json;
        var audit = (
            await gateway.PostAsync(
                "/verify",
                """{"bundle":"demo/web:1.0","policy":{"version":1,"mode":"permissive"}}""",
                Role.Viewer
            )
        )
            .Is(200)
            .Json;

        strict["verdict"]!["allowed"]!.GetValue<bool>().Should().BeFalse();
        audit["verdict"]!["allowed"]!.GetValue<bool>().Should().BeTrue(audit.ToJsonString());
        audit["verdict"]!["unverified"]!.GetValue<bool>().Should().BeTrue();
        gateway.Rows("SELECT * FROM decisions").Should().BeEmpty();
    }

    private async Task<Answer> VerifyInlineAsync(TestGateway gateway, SigningKey key)
    {
        var head = await TestBundles.HeadOfAsync(await _bundles.PackAsync(key));
        var attestations = JsonNode.Parse(Encoding.UTF8.GetString(head.AttestationBytes.Span))!;
        var body = new JsonObject { ["attestations"] = attestations };
        return await gateway.PostAsync(
            "/verify",
            body.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }),
            Role.Viewer
        );
    }
}
