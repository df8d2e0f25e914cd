using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Oci.Errors;
using Vordr.Bundles;
using Vordr.Client;
using Vordr.Client.Binding;
using Vordr.Client.Bundles;
using Vordr.Server.Listening;
using Vordr.Server.Logging;
using Vordr.Server.Tools;

namespace Vordr.Server.Uploads;

/// <summary>
/// <c>PUT /bundles</c>: the body is read forward once, straight into the engine, which judges it before it reads the
/// first layer. 201 with digests and verdict, 200 for a bundle that was there; 403 or 422 with the verdict.
/// </summary>
internal sealed class BundleEndpoint(Engine engine, ServeOptions options, CallerCheck callers, CallLog log)
{
    private const long DrainLimit = 64L * 1024 * 1024;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);
    private static readonly string[] MediaTypes =
    [
        BundleUpload.MediaType,
        "application/octet-stream",
        "application/x-tar",
        "application/vnd.oci.image.layout.v1+tar",
    ];

    public async Task AnswerAsync(HttpContext http)
    {
        var call = callers.Of(
            Peer.From(http.User),
            http.Request.Headers[CallContextNames.TraceParent],
            http.Request.Headers[CallContextNames.PrincipalHeader]
        );
        using var entry = log.Begin("PUT /bundles", call);
        try
        {
            CheckRequest(http);
            var content = new BoundedStream(http.Request.Body, options.UploadLimit);
            var result = await engine.LoadAsync(new LoadRequest(call.Caller, content), http.RequestAborted);
            entry.Succeeded();
            http.Response.StatusCode = result.Known ? StatusCodes.Status200OK : StatusCodes.Status201Created;
            http.Response.ContentType = "application/json";
            await JsonSerializer.SerializeAsync(
                http.Response.Body,
                AnswerMap.Loaded(result),
                WireJson.Default.BundleAnswer,
                http.RequestAborted
            );
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            entry.Failed(e);
            await Problem.WriteAsync(http, e, call.TraceId);
            await DrainAsync(http);
        }
    }

    private void CheckRequest(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        if (type is not null && !MediaTypes.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            throw new PublicError(
                ErrorId.UnsupportedMedia,
                $"A bundle is sent as {BundleUpload.MediaType}, not as {type}.",
                $"curl -T app.ctp -H 'Content-Type: {BundleUpload.MediaType}' …/bundles"
            );
        }
        if (http.Request.ContentLength > options.UploadLimit)
            throw BoundedStream.TooLarge(options.UploadLimit);
    }

    /// <summary>
    /// A sender that is still sending reads no answer until it is done or cut off: what is left is read and thrown
    /// away, within bounds, so that it gets to see the verdict.
    /// </summary>
    private static async Task DrainAsync(HttpContext http)
    {
        await http.Response.Body.FlushAsync(http.RequestAborted);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        time.CancelAfter(DrainTime);
        var buffer = new byte[128 * 1024];
        long drained = 0;
        try
        {
            int read;
            while (drained < DrainLimit && (read = await http.Request.Body.ReadAsync(buffer, time.Token)) > 0)
                drained += read;
            if (drained >= DrainLimit)
                http.Abort();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            http.Abort();
        }
    }
}
