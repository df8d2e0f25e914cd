using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Oci.Errors;
using Vordr.Client.Binding;
using Vordr.Client.Bundles;
using Vordr.Client.Tools;

namespace Vordr.Client;

/// <summary>
/// The transport beneath <see cref="VordrClient"/>: one HTTP connection pool, and one MCP client over it that speaks
/// the stateless revision 2026-07-28, so that a Vörðr which was restarted answers the next call as if nothing
/// had been.
/// </summary>
internal sealed class VordrConnection : IAsyncDisposable
{
    private const string Protocol = "2026-07-28";

    /// <summary>An answer that is larger than this isn't one of ours (the longest are logs and evidence).</summary>
    private const int LargestError = 16 * 1024 * 1024;

    private readonly VordrClientOptions _options;
    private readonly ILoggerFactory? _loggers;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private McpClient? _client;

    public VordrConnection(VordrClientOptions options, ILoggerFactory? loggers)
    {
        _options = options;
        _loggers = loggers;
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            // The trace context is the caller's, put into _meta by name; the handler must not add one of its own.
            ActivityHeadersPropagator = null,
        };
        if (options.Endpoint.SocketPath is { } path)
            handler.ConnectCallback = (_, cancellation) => ConnectAsync(path, cancellation);
        _http = new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        if (options.Endpoint.Token is { } token)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task<ToolAnswer> CallAsync(
        VordrTool tool,
        JsonElement arguments,
        CallContext context,
        CancellationToken cancellation
    )
    {
        var request = new CallToolRequestParams
        {
            Name = tool.Name,
            Arguments = arguments.EnumerateObject().ToDictionary(member => member.Name, member => member.Value),
            Meta = MetaOf(context),
        };
        using var deadline = new Deadline(context.Timeout ?? _options.Timeout, _options.TimeProvider, cancellation);
        try
        {
            var client = await ClientAsync(deadline.Token);
            return AnswerOf(await client.CallToolAsync(request, deadline.Token), tool);
        }
        catch (Exception e) when (e is not PublicError && !cancellation.IsCancellationRequested)
        {
            throw Translate(e, tool.Name, deadline);
        }
    }

    public async Task<BundleAnswer> UploadAsync(
        Stream content,
        long? length,
        CallContext context,
        CancellationToken cancellation
    )
    {
        using var deadline = new Deadline(
            context.Timeout ?? Timeout.InfiniteTimeSpan,
            _options.TimeProvider,
            cancellation
        );
        using var request = new HttpRequestMessage(
            HttpMethod.Put,
            new Uri(_options.Endpoint.BaseAddress, BundleUpload.Path)
        );
        request.Content = new OneWayContent(content, length);
        if (context.TraceParent is { } trace)
            request.Headers.TryAddWithoutValidation(CallContextNames.TraceParent, trace);
        if (context.Principal is { } principal)
            request.Headers.TryAddWithoutValidation(CallContextNames.PrincipalHeader, principal);
        try
        {
            using var response = await _http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                deadline.Token
            );
            await response.Content.LoadIntoBufferAsync(LargestError, deadline.Token);
            var body = JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(deadline.Token));
            return response.IsSuccessStatusCode
                ? Decode(body, WireJson.Default.BundleAnswer, "PUT /bundles")
                : throw Decode(body, WireJson.Default.ErrorObject, "PUT /bundles").ToPublicError();
        }
        catch (Exception e) when (e is not PublicError && !cancellation.IsCancellationRequested)
        {
            throw Translate(e, "PUT /bundles", deadline);
        }
    }

    /// <summary>The record in <paramref name="content"/>; a Vörðr that answers otherwise is not of our version.</summary>
    public static T Decode<T>(JsonElement content, JsonTypeInfo<T> type, string source)
        where T : class
    {
        try
        {
            return content.Deserialize(type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new PublicError(
                ErrorId.RuntimeUnreachable,
                $"{source} was answered in a form that this version doesn't know.",
                e,
                "update both programs to the same version"
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
            await _client.DisposeAsync();
        _http.Dispose();
        _connecting.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The MCP client; made at the first call that finds Vörðr there, and again if it ever ended.</summary>
    private async Task<McpClient> ClientAsync(CancellationToken cancellation)
    {
        if (_client is { Completion.IsCompleted: false } client)
            return client;
        await _connecting.WaitAsync(cancellation);
        try
        {
            if (_client is { Completion.IsCompleted: false } made)
                return made;
            if (_client is { } ended)
            {
                _client = null;
                await ended.DisposeAsync();
            }
            var transport = new HttpClientTransport(
                new HttpClientTransportOptions
                {
                    Endpoint = new Uri(_options.Endpoint.BaseAddress, "mcp"),
                    TransportMode = HttpTransportMode.StreamableHttp,
                    ConnectionTimeout = _options.Timeout,
                    EnableStandaloneGetStream = false,
                    MaxReconnectionAttempts = 0,
                    Name = _options.Name,
                },
                _http,
                _loggers,
                ownsHttpClient: false
            );
            return _client = await McpClient.CreateAsync(
                transport,
                new McpClientOptions
                {
                    ProtocolVersion = Protocol,
                    ClientInfo = new Implementation { Name = _options.Name, Version = VordrVersion.Text },
                    InitializationTimeout = _options.Timeout,
                    TimeProvider = _options.TimeProvider,
                },
                _loggers,
                cancellation
            );
        }
        finally
        {
            _connecting.Release();
        }
    }

    private static JsonObject MetaOf(CallContext context)
    {
        var meta = new JsonObject { [CallContextNames.StructuredOnlyMeta] = true };
        if (context.TraceParent is { } trace)
            meta[CallContextNames.TraceParent] = trace;
        if (context.Principal is { } principal)
            meta[CallContextNames.PrincipalMeta] = principal;
        return meta;
    }

    private static ToolAnswer AnswerOf(CallToolResult result, VordrTool tool)
    {
        if (result.IsError is true)
        {
            throw result.StructuredContent is { } error
                ? Decode(error, WireJson.Default.ErrorObject, tool.Name).ToPublicError()
                : new PublicError(ErrorId.Internal, $"{tool.Name} failed without saying why.");
        }
        return result.StructuredContent is { ValueKind: JsonValueKind.Object } content
            ? new ToolAnswer(content)
            : throw new PublicError(
                ErrorId.RuntimeUnreachable,
                $"{tool.Name} was answered without structured content.",
                "update both programs to the same version"
            );
    }

    private PublicError Translate(Exception error, string call, Deadline deadline)
    {
        if (deadline.Passed)
        {
            return new PublicError(
                ErrorId.Deadline,
                $"Vörðr did not answer {call} within {deadline.Length.TotalSeconds:0.#} s; it may still be done.",
                error
            );
        }
        if (error is HttpRequestException { StatusCode: HttpStatusCode.Unauthorized })
        {
            return new PublicError(
                ErrorId.Unauthenticated,
                $"Vörðr at {_options.Endpoint} demands its bearer token.",
                error,
                "the token is in the file that `vordr serve` named when it started"
            );
        }
        if (error is McpProtocolException { ErrorCode: McpErrorCode.InvalidParams } invalid)
            return new PublicError(ErrorId.Usage, invalid.Message, error);
        if (error is McpProtocolException { ErrorCode: McpErrorCode.MethodNotFound })
        {
            return new PublicError(
                ErrorId.RuntimeUnreachable,
                $"Vörðr at {_options.Endpoint} doesn't know {call}.",
                error,
                "update both programs to the same version"
            );
        }
        return new PublicError(
            ErrorId.RuntimeUnreachable,
            $"Vörðr does not answer at {_options.Endpoint}.",
            error,
            "start it with `vordr serve`",
            "`vordr doctor` says what it lacks"
        );
    }

    /// <summary>The caller's cancellation and the time limit in one token, and which of them it was.</summary>
    private sealed class Deadline : IDisposable
    {
        private readonly CancellationTokenSource _timer;
        private readonly CancellationTokenSource _linked;

        public Deadline(TimeSpan length, TimeProvider clock, CancellationToken cancellation)
        {
            Length = length;
            _timer = new CancellationTokenSource(length, clock);
            _linked = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellation);
        }

        public TimeSpan Length { get; }

        public bool Passed => _timer.IsCancellationRequested;

        public CancellationToken Token => _linked.Token;

        public void Dispose()
        {
            _linked.Dispose();
            _timer.Dispose();
        }
    }
}
