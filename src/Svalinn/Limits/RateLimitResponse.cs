using System.Globalization;
using Oci.Errors;

namespace Svalinn.Limits;

/// <summary>How a limit says no: 429 with <c>Retry-After</c> and the <c>RateLimit</c> headers of the IETF draft.</summary>
internal static class RateLimitResponse
{
    /// <summary>The error to throw; its headers are set on <paramref name="context"/>.</summary>
    public static PublicError Refuse(HttpContext context, string policy, Rate rate, TimeSpan wait)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
        var window = Math.Max(1, (long)Math.Ceiling(rate.Burst / rate.PerSecond));
        var headers = context.Response.Headers;
        headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Policy"] = string.Create(
            CultureInfo.InvariantCulture,
            $"\"{policy}\";q={rate.Burst};w={window}"
        );
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"{policy}\";r=0;t={seconds}");
        return new PublicError(
            ErrorId.RateLimited,
            $"Too many requests: {rate.PerSecond:0.##} a second are let through, {rate.Burst} at once.",
            $"Wait {seconds} s and try again."
        );
    }
}
