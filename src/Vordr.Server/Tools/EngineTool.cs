using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Oci.Errors;
using Vordr.Client.Binding;
using Vordr.Client.Errors;
using Vordr.Client.Tools;
using Vordr.Server.Listening;
using Vordr.Server.Logging;

namespace Vordr.Server.Tools;

/// <summary>What all tools share: who calls, and the log of calls.</summary>
internal sealed record ToolHost(CallerCheck Callers, CallLog Log);

/// <summary>
/// One tool: binds the arguments to a strict record, calls the engine, and answers with structured content, or with
/// the error object and <c>isError</c>. One log line a call, under the caller's trace id.
/// </summary>
internal sealed class EngineTool<TRequest, TAnswer>(
    VordrTool tool,
    JsonTypeInfo<TRequest> requestType,
    JsonTypeInfo<TAnswer> answerType,
    ToolHost host,
    Func<TRequest, ToolCall, CancellationToken, Task<TAnswer>> handle
) : McpServerTool
    where TRequest : class
{
    public override Tool ProtocolTool { get; } =
        new()
        {
            Name = tool.Name,
            Title = tool.Title,
            Description = tool.Description,
            InputSchema = WireSchema.ElementOf(requestType),
            OutputSchema = WireSchema.ResultOf(answerType),
            Annotations = new ToolAnnotations
            {
                Title = tool.Title,
                ReadOnlyHint = tool.ReadOnly,
                DestructiveHint = tool.Destructive,
                IdempotentHint = tool.Idempotent,
                OpenWorldHint = false,
            },
        };

    public override IReadOnlyList<object> Metadata => [];

    public override async ValueTask<CallToolResult> InvokeAsync(
        RequestContext<CallToolRequestParams> request,
        CancellationToken cancellationToken = default
    )
    {
        var call = host.Callers.Of(Peer.From(request.User), request.Params?.Meta);
        using var entry = host.Log.Begin(tool.Name, call);
        try
        {
            var arguments = StrictBinding.Bind(ArgumentsOf(request.Params), requestType);
            var answer = await handle(arguments, call, cancellationToken);
            entry.Succeeded();
            return Result(JsonSerializer.SerializeToUtf8Bytes(answer, answerType), call, isError: false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            entry.Failed(e);
            var told = ErrorObject.From(e, call.TraceId);
            return Result(JsonSerializer.SerializeToUtf8Bytes(told, WireJson.Default.ErrorObject), call, isError: true);
        }
    }

    private static CallToolResult Result(byte[] json, ToolCall call, bool isError) =>
        new()
        {
            // An error isn't of the tool's output schema, and clients that check it refuse such structured content:
            // theirs is the text. Our own client knows the error object.
            StructuredContent = isError && !call.StructuredOnly ? null : JsonElement.Parse(json),
            // Clients of older revisions read the text; ours says that it doesn't.
            Content = call.StructuredOnly ? [] : [new TextContentBlock { Text = Encoding.UTF8.GetString(json) }],
            IsError = isError ? true : null,
        };

    private static JsonElement ArgumentsOf(CallToolRequestParams? parameters)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in parameters?.Arguments ?? new Dictionary<string, JsonElement>())
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
            writer.WriteEndObject();
        }
        try
        {
            return JsonElement.Parse(buffer.WrittenSpan, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            throw new PublicError(ErrorId.Usage, "The arguments hold a member twice, or too deep.", e) { Pointer = "" };
        }
    }
}
