namespace Svalinn.Limits;

/// <summary>Limits each address, before anything is read or looked up for it.</summary>
internal sealed class AddressLimitMiddleware(RequestDelegate next, GatewayLimits limits, TimeProvider time)
{
    private readonly TokenBuckets? _buckets = limits.ByAddress is { } rate ? new TokenBuckets(rate, time) : null;

    /// <summary>Lets through or refuses.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (_buckets?.Take(ClientAddress.Of(context)) is { } wait)
            throw RateLimitResponse.Refuse(context, "address", limits.ByAddress!, wait);
        return next(context);
    }
}
