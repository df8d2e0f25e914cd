using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Vordr.Client.Binding;
using Vordr.Client.Bundles;
using Vordr.Client.Containers;
using Vordr.Client.Health;
using Vordr.Client.Networks;
using Vordr.Client.Tools;

namespace Vordr.Client;

/// <summary>
/// Calls a <c>vordr serve</c> over MCP. Connects at the first call, and again by itself after Vörðr was away.
/// Safe to use from many threads; one instance serves a whole process.
/// <para>
/// Every failure is an <see cref="Oci.Errors.PublicError"/>: what Vörðr refused, as it said it;
/// <see cref="Oci.Errors.ErrorId.RuntimeUnreachable"/> while it is away;
/// <see cref="Oci.Errors.ErrorId.Deadline"/> when the time is up.
/// </para>
/// </summary>
public sealed class VordrClient(VordrClientOptions options, ILoggerFactory? loggers = null) : IAsyncDisposable
{
    private readonly VordrConnection _connection = new(options, loggers);

    /// <summary><c>vordr_run</c>.</summary>
    public Task<CreateAnswer> RunAsync(CreateRequest request, CallContext context, CancellationToken cancellation) =>
        CallAsync(
            VordrTools.Run,
            request,
            WireJson.Default.CreateRequest,
            WireJson.Default.CreateAnswer,
            context,
            cancellation
        );

    /// <summary><c>vordr_create</c>.</summary>
    public Task<CreateAnswer> CreateAsync(CreateRequest request, CallContext context, CancellationToken cancellation) =>
        CallAsync(
            VordrTools.Create,
            request,
            WireJson.Default.CreateRequest,
            WireJson.Default.CreateAnswer,
            context,
            cancellation
        );

    /// <summary><c>vordr_start</c>.</summary>
    public Task<ContainerState> StartAsync(StartRequest request, CallContext context, CancellationToken cancellation) =>
        CallAsync(
            VordrTools.Start,
            request,
            WireJson.Default.StartRequest,
            WireJson.Default.ContainerState,
            context,
            cancellation
        );

    /// <summary><c>vordr_stop</c>.</summary>
    public Task<ContainerState> StopAsync(StopRequest request, CallContext context, CancellationToken cancellation) =>
        CallAsync(
            VordrTools.Stop,
            request,
            WireJson.Default.StopRequest,
            WireJson.Default.ContainerState,
            context,
            cancellation
        );

    /// <summary><c>vordr_rm</c>.</summary>
    public Task<RemoveAnswer> RemoveAsync(RemoveRequest request, CallContext context, CancellationToken cancellation) =>
        CallAsync(
            VordrTools.Remove,
            request,
            WireJson.Default.RemoveRequest,
            WireJson.Default.RemoveAnswer,
            context,
            cancellation
        );

    /// <summary><c>vordr_ps</c>.</summary>
    public Task<ContainerList> ListAsync(ListRequest request, CallContext context, CancellationToken cancellation) =>
        CallAsync(
            VordrTools.List,
            request,
            WireJson.Default.ListRequest,
            WireJson.Default.ContainerList,
            context,
            cancellation
        );

    /// <summary><c>vordr_inspect</c>.</summary>
    public Task<ContainerDetails> InspectAsync(
        InspectRequest request,
        CallContext context,
        CancellationToken cancellation
    ) =>
        CallAsync(
            VordrTools.Inspect,
            request,
            WireJson.Default.InspectRequest,
            WireJson.Default.ContainerDetails,
            context,
            cancellation
        );

    /// <summary><c>vordr_logs</c>.</summary>
    public Task<LogsAnswer> LogsAsync(LogsRequest request, CallContext context, CancellationToken cancellation) =>
        CallAsync(
            VordrTools.Logs,
            request,
            WireJson.Default.LogsRequest,
            WireJson.Default.LogsAnswer,
            context,
            cancellation
        );

    /// <summary><c>vordr_exec</c>.</summary>
    public Task<ExecAnswer> ExecAsync(ExecRequest request, CallContext context, CancellationToken cancellation) =>
        CallAsync(
            VordrTools.Exec,
            request,
            WireJson.Default.ExecRequest,
            WireJson.Default.ExecAnswer,
            context,
            cancellation
        );

    /// <summary><c>vordr_images</c>.</summary>
    public Task<ImageList> ImagesAsync(CallContext context, CancellationToken cancellation) =>
        CallAsync(
            VordrTools.Images,
            new ImagesRequest(),
            WireJson.Default.ImagesRequest,
            WireJson.Default.ImageList,
            context,
            cancellation
        );

    /// <summary><c>vordr_network_ls</c>.</summary>
    public Task<NetworkList> NetworksAsync(CallContext context, CancellationToken cancellation) =>
        CallAsync(
            VordrTools.NetworkList,
            new NetworkListRequest(),
            WireJson.Default.NetworkListRequest,
            WireJson.Default.NetworkList,
            context,
            cancellation
        );

    /// <summary><c>vordr_network_create</c>.</summary>
    public Task<NetworkSummary> CreateNetworkAsync(
        NetworkCreateRequest request,
        CallContext context,
        CancellationToken cancellation
    ) =>
        CallAsync(
            VordrTools.NetworkCreate,
            request,
            WireJson.Default.NetworkCreateRequest,
            WireJson.Default.NetworkSummary,
            context,
            cancellation
        );

    /// <summary><c>vordr_verify</c>.</summary>
    public Task<VerifyAnswer> VerifyAsync(VerifyRequest request, CallContext context, CancellationToken cancellation) =>
        CallAsync(
            VordrTools.Verify,
            request,
            WireJson.Default.VerifyRequest,
            WireJson.Default.VerifyAnswer,
            context,
            cancellation
        );

    /// <summary><c>vordr_bundle_load</c>.</summary>
    public Task<BundleAnswer> LoadAsync(
        BundleLoadRequest request,
        CallContext context,
        CancellationToken cancellation
    ) =>
        CallAsync(
            VordrTools.BundleLoad,
            request,
            WireJson.Default.BundleLoadRequest,
            WireJson.Default.BundleAnswer,
            context,
            cancellation
        );

    /// <summary><c>vordr_health</c>.</summary>
    public Task<HealthAnswer> HealthAsync(CallContext context, CancellationToken cancellation) =>
        CallAsync(
            VordrTools.Health,
            new HealthRequest(),
            WireJson.Default.HealthRequest,
            WireJson.Default.HealthAnswer,
            context,
            cancellation
        );

    /// <summary>
    /// Calls a tool and leaves its structured content undecoded, for callers that hand it through.
    /// </summary>
    public Task<ToolAnswer> CallRawAsync<TRequest>(
        VordrTool tool,
        TRequest request,
        JsonTypeInfo<TRequest> requestType,
        CallContext context,
        CancellationToken cancellation
    ) => _connection.CallAsync(tool, JsonSerializer.SerializeToElement(request, requestType), context, cancellation);

    /// <summary>
    /// Streams a bundle to <c>PUT /bundles</c>. <paramref name="content"/> is read once, from where it stands, and not
    /// disposed; nothing is buffered. The call has no time limit but <see cref="CallContext.Timeout"/>, if given.
    /// </summary>
    /// <param name="content">The bytes of the <c>.ctp</c> file.</param>
    /// <param name="length">Their number, where it is known: Vörðr reserves space for them.</param>
    /// <param name="context">For whom, under which trace.</param>
    /// <param name="cancellation">Ends the upload; Vörðr keeps nothing of it.</param>
    public Task<BundleAnswer> UploadAsync(
        Stream content,
        long? length,
        CallContext context,
        CancellationToken cancellation
    ) => _connection.UploadAsync(content, length, context, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<TAnswer> CallAsync<TRequest, TAnswer>(
        VordrTool tool,
        TRequest request,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TAnswer> answerType,
        CallContext context,
        CancellationToken cancellation
    )
        where TAnswer : class
    {
        var answer = await CallRawAsync(tool, request, requestType, context, cancellation);
        return VordrConnection.Decode(answer.Content, answerType, tool.Name);
    }
}
