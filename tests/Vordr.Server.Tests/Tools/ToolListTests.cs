using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Vordr.Client.Tools;

namespace Vordr.Server.Tests.Tools;

public sealed class ToolListTests
{
    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    [InlineData("2025-06-18")]
    [InlineData("2024-11-05")]
    public async Task Every_revision_lists_the_table_with_schemas_and_hints(string revision)
    {
        await using var server = await ServerFixture.StartAsync();
        using var http = server.TcpHttp(withToken: true);
        await using var client = await ConnectAsync(server, http, revision);

        var tools = await client.ListToolsAsync();

        tools.Select(tool => tool.Name).Should().Equal(VordrTools.All.Select(tool => tool.Name));
        foreach (var (tool, row) in tools.Zip(VordrTools.All))
        {
            var listed = tool.ProtocolTool;
            listed.InputSchema.GetProperty("type").GetString().Should().Be("object");
            listed.InputSchema.GetProperty("additionalProperties").GetBoolean().Should().BeFalse();
            listed.OutputSchema!.Value.GetProperty("type").GetString().Should().Be("object");
            listed.Annotations!.ReadOnlyHint.Should().Be(row.ReadOnly);
            listed.Annotations.DestructiveHint.Should().Be(row.Destructive);
            listed.Annotations.IdempotentHint.Should().Be(row.Idempotent);
        }
    }

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-06-18")]
    public async Task Unknown_tool_is_a_protocol_error(string revision)
    {
        await using var server = await ServerFixture.StartAsync();
        using var http = server.TcpHttp(withToken: true);
        await using var client = await ConnectAsync(server, http, revision);

        var call = async () => await client.CallToolAsync("vordr_pull");

        (await call.Should().ThrowAsync<McpProtocolException>())
            .Which.ErrorCode.Should()
            .Be(McpErrorCode.InvalidParams);
    }

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-06-18")]
    public async Task Bad_arguments_are_a_tool_error_that_says_where_and_what(string revision)
    {
        await using var server = await ServerFixture.StartAsync();
        using var http = server.TcpHttp(withToken: true);
        await using var client = await ConnectAsync(server, http, revision);

        var result = await client.CallToolAsync(
            VordrTools.Stop.Name,
            new Dictionary<string, object?> { ["containerId"] = "x" }
        );

        result.IsError.Should().BeTrue();
        result.StructuredContent.Should().BeNull("it is not of the output schema, which clients check");
        var error = JsonElement.Parse(result.Content.OfType<TextContentBlock>().Single().Text);
        error.GetProperty("id").GetString().Should().Be("ERR_USAGE");
        error.GetProperty("pointer").GetString().Should().Be("/containerId");
        error.GetProperty("suggestions")[0].GetString().Should().Be("use container");
        error.GetProperty("traceId").GetString().Should().MatchRegex("^[0-9a-f]{32}$");
    }

    private static Task<McpClient> ConnectAsync(ServerFixture server, HttpClient http, string revision) =>
        McpClient.CreateAsync(
            new HttpClientTransport(
                new HttpClientTransportOptions
                {
                    Endpoint = new Uri(server.Address, "mcp"),
                    TransportMode = HttpTransportMode.StreamableHttp,
                },
                http
            ),
            new McpClientOptions { ProtocolVersion = revision }
        );
}
