using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using Oci.Errors;
using Vordr.Client.Binding;
using Vordr.Client.Bundles;
using Vordr.Client.Errors;
using Vordr.Client.Health;
using Vordr.Client.Tools;

namespace Svalinn.Tests.Stage;

/// <summary>A call that came down.</summary>
internal sealed record SeenCall(string Tool, JsonElement Arguments, JsonObject? Meta)
{
    public string Text(string member) => Arguments.GetProperty(member).GetString()!;
}

/// <summary>
/// Stands in for <c>vordr serve</c>: a real MCP server of the SDK on a unix socket, whose tools answer what the test
/// says. It is not the engine; what the engine does is shown in tests/EndToEnd.
/// </summary>
internal sealed class StandInVordr(string socketPath) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<SeenCall, JsonNode>> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<SeenCall> _calls = [];
    private WebApplication? _app;

    public IReadOnlyList<SeenCall> Calls => [.. _calls.Where(call => call.Tool != VordrTools.Health.Name)];

    /// <summary>What <c>PUT /bundles</c> received, whole.</summary>
    public ConcurrentQueue<byte[]> Uploads { get; } = [];

    public ConcurrentQueue<IHeaderDictionary> UploadHeaders { get; } = [];

    /// <summary>What <c>PUT /bundles</c> answers.</summary>
    public Func<byte[], BundleAnswer> OnUpload { get; set; } =
        _ => throw new PublicError(ErrorId.Internal, "The test does not expect an upload.");

    public void Answers<T>(VordrTool tool, T answer, JsonTypeInfo<T> type) =>
        _answers[tool.Name] = _ => JsonSerializer.SerializeToNode(answer, type)!;

    public void Answers(VordrTool tool, Func<SeenCall, JsonNode> answer) => _answers[tool.Name] = answer;

    public void Fails(VordrTool tool, PublicError error) => _answers[tool.Name] = _ => throw error;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.ListenUnixSocket(socketPath);
        });
        builder
            .Services.AddMcpServer(server => server.ServerInfo = new Implementation { Name = "vordr", Version = "0" })
            .WithHttpTransport(http => http.SessionMode = HttpServerSessionMode.StatefulForInitializeClients)
            .WithListToolsHandler((_, _) => ValueTask.FromResult(new ListToolsResult()))
            .WithCallToolHandler((request, _) => ValueTask.FromResult(Answer(request.Params!)));
        _app = builder.Build();
        _app.MapMcp("/mcp");
        _app.MapPut(BundleUpload.Path, ReceiveAsync);
        Answers(VordrTools.Health, new HealthAnswer("ok", "0", "vordr"), WireJson.Default.HealthAnswer);
        await _app.StartAsync();
    }

    /// <summary>As if it had been killed: connections drop, the socket is gone.</summary>
    public async Task StopAsync()
    {
        if (_app is null)
            return;
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _app = null;
        File.Delete(socketPath);
    }

    public ValueTask DisposeAsync() => new(StopAsync());

    private CallToolResult Answer(CallToolRequestParams request)
    {
        var arguments = new JsonObject();
        foreach (var (name, value) in request.Arguments ?? new Dictionary<string, JsonElement>())
            arguments[name] = JsonNode.Parse(value.GetRawText());
        var call = new SeenCall(request.Name, JsonElement.Parse(arguments.ToJsonString()), request.Meta);
        _calls.Enqueue(call);
        try
        {
            var answer = _answers.TryGetValue(request.Name, out var make)
                ? make(call)
                : throw new PublicError(ErrorId.Internal, $"The test has no answer of {request.Name}.");
            return new CallToolResult { StructuredContent = JsonElement.Parse(answer.ToJsonString()), Content = [] };
        }
        catch (PublicError error)
        {
            var told = JsonSerializer.SerializeToElement(
                ErrorObject.From(error, traceId: null),
                WireJson.Default.ErrorObject
            );
            return new CallToolResult
            {
                IsError = true,
                StructuredContent = told,
                Content = [],
            };
        }
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        UploadHeaders.Enqueue(new HeaderDictionary(context.Request.Headers.ToDictionary()));
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes);
        Uploads.Enqueue(bytes.ToArray());
        try
        {
            var answer = OnUpload(bytes.ToArray());
            await context.Response.WriteAsync(JsonSerializer.Serialize(answer, WireJson.Default.BundleAnswer));
        }
        catch (PublicError error)
        {
            context.Response.StatusCode = error.Id.HttpStatus;
            var told = ErrorObject.From(error, traceId: null);
            await context.Response.WriteAsync(JsonSerializer.Serialize(told, WireJson.Default.ErrorObject));
        }
    }
}
