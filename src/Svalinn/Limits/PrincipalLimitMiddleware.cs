using Svalinn.Authentication;

namespace Svalinn.Limits;

/// <summary>Limits each principal, from wherever it comes.</summary>
internal sealed class PrincipalLimitMiddleware(RequestDelegate next, GatewayLimits limits, TimeProvider time)
{
    private readonly TokenBuckets? _buckets = limits.ByPrincipal is { } rate ? new TokenBuckets(rate, time) : null;

    /// <summary>Lets through or refuses.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Principal() is { } principal && _buckets?.Take(principal.Id) is { } wait)
            throw RateLimitResponse.Refuse(context, "principal", limits.ByPrincipal!, wait);
        return next(context);
    }
}
