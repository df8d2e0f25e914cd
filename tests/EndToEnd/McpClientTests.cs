using System.Text.Json.Nodes;
using EndToEnd.Stage;

namespace EndToEnd;

/// <summary>The official MCP client from npm against <c>vordr serve</c>, over HTTP and stdio.</summary>
public sealed class McpClientTests
{
    private static readonly string[] s_tools =
    [
        "vordr_bundle_load",
        "vordr_create",
        "vordr_exec",
        "vordr_health",
        "vordr_images",
        "vordr_inspect",
        "vordr_logs",
        "vordr_network_create",
        "vordr_network_ls",
        "vordr_ps",
        "vordr_rm",
        "vordr_run",
        "vordr_start",
        "vordr_stop",
        "vordr_verify",
    ];

    [Fact]
    public async Task Missing_token_is_refused_over_http()
    {
        await using var site = await Site.CreateAsync();
        var port = Ports.Free();
        await site.ServeVordrAsync("--port", $"{port}");

        var seen = await TalkAsync(site, "[]", "http", $"http://127.0.0.1:{port}/mcp", "-");

        seen["connected"]!.GetValue<bool>().Should().BeFalse();
        seen["error"]!["message"]!.GetValue<string>().Should().Contain("ERR_UNAUTHENTICATED");
    }

    [Fact]
    public async Task Tools_are_listed_and_called_over_http()
    {
        await using var site = await Site.CreateAsync();
        (await site.VordrAsync("load", await site.BundleAsync())).Succeeded();
        var port = Ports.Free();
        await site.ServeVordrAsync("--port", $"{port}");

        Check(
            await TalkAsync(
                site,
                Calls,
                "http",
                $"http://127.0.0.1:{port}/mcp",
                Path.Combine(site.ConfigDir, "mcp.token")
            )
        );
        (await Ports.GetAsync($"http://127.0.0.1:{port}/health")).Should().Contain("\"status\":\"ok\"");
    }

    [Fact]
    public async Task Tools_are_listed_and_called_over_stdio()
    {
        await using var site = await Site.CreateAsync();
        (await site.VordrAsync("load", await site.BundleAsync())).Succeeded();

        Check(await TalkAsync(site, Calls, ["stdio", Programs.Vordr, .. site.VordrArguments("serve", "--stdio")]));
    }

    private const string Calls = """
        [
          {"name": "vordr_run", "arguments": {"bundle": "demo/web:1.0", "name": "by-mcp"}},
          {"name": "vordr_ps", "arguments": {}},
          {"name": "vordr_exec", "arguments": {"container": "by-mcp", "command": ["echo", "hello"]}},
          {"name": "vordr_stop", "arguments": {"container": "by-mcp", "timeout": 1}},
          {"name": "vordr_rm", "arguments": {"container": "by-mcp"}},
          {"name": "vordr_no_such", "arguments": {}},
          {"name": "vordr_stop", "arguments": {"id": "by-mcp"}},
          {"name": "vordr_run", "arguments": {"bundle": "demo/web:1.0", "config": {"privileged": true}}}
        ]
        """;

    private static void Check(JsonNode seen)
    {
        seen["connected"]!.GetValue<bool>().Should().BeTrue("{0}", seen.ToJsonString());
        var tools = seen["tools"]!.AsArray();
        tools.Select(tool => tool!["name"]!.GetValue<string>()).Should().BeEquivalentTo(s_tools);
        tools.Should().AllSatisfy(tool => tool!["outputSchema"].Should().NotBeNull());

        var results = seen["results"]!.AsArray();
        Structured(results[0]!)["state"]!.GetValue<string>().Should().Be("running");
        Structured(results[1]!)["containers"]!.AsArray().Should().ContainSingle();
        Structured(results[2]!)["stdout"]!.GetValue<string>().Should().Be("hello\n");
        Structured(results[3]!)["state"]!.GetValue<string>().Should().Be("exited");
        results[4]!["result"]!["isError"].Should().BeNull();
        results[5]!["error"]!["code"]!.GetValue<int>().Should().Be(-32602, "{0}", results[5]!.ToJsonString());
        Error(results[6]!)["id"]!.GetValue<string>().Should().Be("ERR_USAGE");
        results[6]!.ToJsonString().Should().Contain("container", "the right name is told");
        Error(results[7]!)["id"]!.GetValue<string>().Should().Be("ERR_POLICY_DENIED");
    }

    private static JsonNode Structured(JsonNode call)
    {
        var result = call["result"] ?? throw new InvalidOperationException(call.ToJsonString());
        result["isError"]?.GetValue<bool>().Should().BeFalse("{0}", call.ToJsonString());
        return result["structuredContent"]!;
    }

    private static JsonNode Error(JsonNode call)
    {
        var result = call["result"] ?? throw new InvalidOperationException(call.ToJsonString());
        result["isError"]!.GetValue<bool>().Should().BeTrue("{0}", call.ToJsonString());
        return JsonNode.Parse(result["content"]![0]!["text"]!.GetValue<string>())!;
    }

    private static async Task<JsonNode> TalkAsync(Site site, string calls, params string[] arguments)
    {
        var script = Path.Combine(Programs.Checkout, "tests", "EndToEnd", "npm", "mcp-client.mjs");
        var outcome = await Command.RunAsync(
            "node",
            [script, .. arguments],
            environment: null,
            input: System.Text.Encoding.UTF8.GetBytes(calls)
        );
        return JsonNode.Parse(outcome.Succeeded().Output)!;
    }
}
