namespace Svalinn.Limits;

/// <summary>
/// The stricter limit on failed logins. A good key from the same address still passes: nobody guesses 256 bits, and
/// shutting out an address would let whoever shares it shut out everyone behind it.
/// </summary>
internal sealed class FailedLogins(GatewayLimits limits, TimeProvider time)
{
    private readonly TokenBuckets _buckets = new(limits.FailedLogins, time);

    /// <summary>Counts one failure of this address.</summary>
    /// <exception cref="Oci.Errors.PublicError">There were too many.</exception>
    public void Take(HttpContext context)
    {
        if (_buckets.Take(ClientAddress.Of(context)) is { } wait)
            throw RateLimitResponse.Refuse(context, "failed-logins", limits.FailedLogins, wait);
    }
}
