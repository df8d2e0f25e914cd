using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Oci.Errors;
using Svalinn.Authorization;

namespace Svalinn.Limits;

/// <summary>
/// Bounds the body before a byte of it is read: announced lengths are refused here, unannounced ones where they pass
/// the limit. Uploads also have a least speed.
/// </summary>
internal sealed class SizeLimitMiddleware(RequestDelegate next, GatewayLimits limits)
{
    /// <summary>Sets the limits of this route.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var upload = context.RouteRule()?.IsUpload == true;
        var limit = upload ? limits.UploadBytes : limits.BodyBytes;
        // The server's own limit leaves room for draining what is refused; ours stands before it.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = limit + limits.DrainBytes;
        if (context.Request.ContentLength > limit)
        {
            throw new PublicError(
                ErrorId.TooLarge,
                $"The request body has {context.Request.ContentLength} bytes; at most {limit} are taken here."
            );
        }
        if (context.Request.Headers.TransferEncoding.Count > 0)
            context.Request.Body = new LimitedBody(context.Request.Body, limit);
        if (upload && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } speed)
            speed.MinDataRate = new MinDataRate(limits.UploadBytesPerSecond, limits.UploadGrace);
        return next(context);
    }
}
