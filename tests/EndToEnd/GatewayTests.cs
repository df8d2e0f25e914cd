using System.Text.Json.Nodes;
using EndToEnd.Stage;

namespace EndToEnd;

/// <summary>Svalinn in front of a real Vörðr and real containers, over real HTTP.</summary>
public sealed class GatewayTests
{
    [Fact]
    public async Task Request_without_a_key_is_refused_and_names_no_container()
    {
        await using var site = await Site.CreateAsync();
        await site.ServeVordrAsync();
        using var gateway = await site.ServeSvalinnAsync();

        using var client = new HttpClient { BaseAddress = gateway.Address };
        using var answer = await client.GetAsync("/containers");

        ((int)answer.StatusCode).Should().Be(401);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }

    [Fact]
    public async Task Unsigned_copy_of_an_allowed_bundle_is_refused_with_the_verdict()
    {
        await using var site = await Site.CreateAsync();
        await site.ServeVordrAsync();
        using var gateway = await site.ServeSvalinnAsync();
        var image = await Images.BusyboxAsync(site.PathOf("image"));
        var (signed, unsigned) = (site.PathOf("signed.ctp"), site.PathOf("unsigned.ctp"));
        string[] pack = ["pack", $"oci:{image}", "--name", "demo/web", "--version", "1.0"];
        (await site.CtAsync([.. pack, "-o", signed])).Succeeded();
        (await site.CtAsync([.. pack, "-o", unsigned, "--no-sign"])).Succeeded();

        (await gateway.UploadAsync(signed)).Is(201);
        (await gateway.UploadAsync(signed)).Is(200);
        var refused = (await gateway.UploadAsync(unsigned)).Is(403);

        refused.Json["id"]!.GetValue<string>().Should().Be("ERR_POLICY_DENIED");
        refused.Json["verdict"]!["code"]!.GetValue<string>().Should().Be("MISSING_ATTESTATION");
        (await site.VordrAsync("load", unsigned)).ExitCode.Should().NotBe(0);
    }

    [Fact]
    public async Task Container_lives_from_create_to_removal_and_serves_its_page()
    {
        await using var site = await Site.CreateAsync();
        await site.ServeVordrAsync();
        using var gateway = await site.ServeSvalinnAsync();
        var digest = await UploadAsync(site, gateway);
        var port = Ports.Free();

        var created = (
            await gateway.PostAsync(
                "/api/v1/containers/create",
                new JsonObject
                {
                    ["bundle"] = digest,
                    ["name"] = "web",
                    ["config"] = new JsonObject { ["ports"] = new JsonArray($"127.0.0.1:{port}:80") },
                }
            )
        ).Is(201);
        var id = created.Json["id"]!.GetValue<string>();
        (await gateway.PostAsync($"/containers/{id}/start")).Is(200);
        (await Ports.GetAsync($"http://127.0.0.1:{port}/")).Should().Be("hello from demo/web\n");

        var list = (await gateway.GetAsync("/containers")).Is(200).Json.AsArray();
        list.Single()!["name"]!.GetValue<string>().Should().Be("web");
        var exec = await gateway.PostAsync(
            $"/containers/{id}/exec",
            new JsonObject { ["command"] = new JsonArray("sh", "-c", "echo out; echo err >&2; exit 3") }
        );
        exec.Is(200).Json["exitCode"]!.GetValue<int>().Should().Be(3);
        exec.Json["stdout"]!.GetValue<string>().Should().Be("out\n");
        exec.Json["stderr"]!.GetValue<string>().Should().Be("err\n");
        (await gateway.GetAsync($"/containers/{id}/logs")).Is(200);
        (await gateway.PostAsync($"/containers/{id}/stop?timeout=1")).Is(200);
        (await gateway.DeleteAsync($"/containers/{id}")).Is(204);
        (await gateway.GetAsync("/containers?all=true")).Is(200).Json.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task List_carries_one_trace_id_through_both_programs()
    {
        await using var site = await Site.CreateAsync();
        var vordr = await site.ServeVordrAsync();
        using var gateway = await site.ServeSvalinnAsync();
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var request = new HttpRequestMessage(HttpMethod.Get, "/containers");
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");

        (await gateway.SendAsync(request)).Is(200).Json.AsArray().Should().BeEmpty();

        await gateway.Service.WaitForLineAsync(line => line.Contains(trace, StringComparison.Ordinal));
        await vordr.WaitForLineAsync(line =>
            line.Contains(trace, StringComparison.Ordinal) && line.Contains("vordr_ps", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Killed_runtime_is_told_within_two_seconds_and_comes_back_without_a_restart_of_the_gateway()
    {
        await using var site = await Site.CreateAsync();
        var vordr = await site.ServeVordrAsync();
        using var gateway = await site.ServeSvalinnAsync();
        (await gateway.GetAsync("/ready")).Is(200);

        await vordr.KillAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var down = (await gateway.GetAsync("/containers").WaitAsync(limit.Token)).Is(503);
        down.Json["title"]!.GetValue<string>().Should().Be("MCP server unreachable");
        down.Json["id"]!.GetValue<string>().Should().Be("ERR_RUNTIME_UNREACHABLE");
        down.Headers.RetryAfter.Should().NotBeNull();
        (await gateway.GetAsync("/ready")).Is(503);
        (await gateway.GetAsync("/health")).Is(200).Json["status"]!.GetValue<string>().Should().Be("degraded");

        await site.ServeVordrAsync();
        (await gateway.GetAsync("/containers")).Is(200);
        (await gateway.GetAsync("/health")).Is(200).Json["status"]!.GetValue<string>().Should().Be("healthy");
    }

    public static TheoryData<string, string> Powers =>
        new()
        {
            { "privileged", """{"privileged":true}""" },
            { "capability", """{"capAdd":["SYS_ADMIN"]}""" },
            { "host path", """{"volumes":["/etc:/host"]}""" },
            { "host network", """{"network":"host"}""" },
            { "host pid namespace", """{"pid":"host"}""" },
            { "host ipc namespace", """{"ipc":"host"}""" },
            { "host uts namespace", """{"uts":"host"}""" },
            { "device", """{"devices":["/dev/kmsg"]}""" },
            { "seccomp off", """{"securityOpt":["seccomp=unconfined"]}""" },
            { "too many pids", """{"pidsLimit":100000}""" },
        };

    [Theory, MemberData(nameof(Powers))]
    public async Task Power_over_the_host_is_refused(string power, string config)
    {
        await using var site = await Site.CreateAsync();
        await site.ServeVordrAsync();
        using var gateway = await site.ServeSvalinnAsync();
        var digest = await UploadAsync(site, gateway);

        var refused = await gateway.PostAsync(
            "/run",
            new JsonObject { ["bundle"] = digest, ["config"] = JsonNode.Parse(config) }
        );

        refused.Status.Should().Be(403, "{0} must not be had: {1}", power, refused.Text);
        refused.Json["id"]!.GetValue<string>().Should().Be("ERR_POLICY_DENIED");
        (await gateway.GetAsync("/containers?all=true")).Is(200).Json.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task Falsy_members_count_as_absent()
    {
        await using var site = await Site.CreateAsync();
        await site.ServeVordrAsync();
        using var gateway = await site.ServeSvalinnAsync();
        var digest = await UploadAsync(site, gateway);

        (
            await gateway.PostAsync(
                "/run",
                new JsonObject
                {
                    ["bundle"] = digest,
                    ["config"] = JsonNode.Parse(
                        """{"privileged":false,"capAdd":null,"volumes":[],"devices":[],"securityOpt":[],"pid":"","network":""}"""
                    ),
                }
            )
        ).Is(201);
    }

    private static async Task<string> UploadAsync(Site site, Gateway gateway) =>
        (await gateway.UploadAsync(await site.BundleAsync())).Is(201).Json["bundleDigest"]!.GetValue<string>();
}
