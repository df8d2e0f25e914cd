using Oci.Errors;
using Svalinn.Authorization;
using Svalinn.Hosting;
using Svalinn.Limits;

namespace Svalinn.Authentication;

/// <summary>
/// Proves who asks, by <c>Authorization: Bearer sv_…</c>. Every route that isn't open to anyone needs it; what routing
/// itself refuses (404, 405) doesn't.
/// </summary>
internal sealed class AuthenticationMiddleware(
    RequestDelegate next,
    ApiKeyStore keys,
    FailedLogins failedLogins,
    GatewayOptions options
)
{
    private const string Scheme = "Bearer ";

    /// <summary>Sets the principal, or refuses.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (context.RouteRule() is not { } rule || rule.Access == Access.Anyone)
            return next(context);
        context.Features.Set(options.NoAuthentication ? AnonymousFrom(context) : Authenticate(context));
        return next(context);
    }

    private Principal Authenticate(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count == 0)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"svalinn\"";
            throw new PublicError(
                ErrorId.Unauthenticated,
                "This path needs an API key.",
                "Send it as 'Authorization: Bearer sv_…'.",
                "The first admin key is in admin.key of the gateway's state directory."
            );
        }
        var text = header.Count == 1 ? header[0] : null;
        if (
            text is not null
            && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && ApiKey.TryParse(text[Scheme.Length..].Trim(), out var key)
            && keys.Authenticate(key) is { } principal
        )
        {
            return principal;
        }
        failedLogins.Take(context);
        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"svalinn\", error=\"invalid_token\"";
        // One answer for unknown, wrong, revoked and expired: which of them it was is nobody's business.
        throw new PublicError(
            ErrorId.Unauthenticated,
            "The API key is not valid: unknown, revoked or expired.",
            "Ask an administrator for a key (svalinn key create)."
        );
    }

    /// <summary>
    /// Without keys, a web page in a browser on this host must not be able to speak for its user: it can reach a
    /// loopback port by a name of its own (DNS rebinding), or post a form across origins.
    /// </summary>
    private static Principal AnonymousFrom(HttpContext context)
    {
        var request = context.Request;
        if (context.Connection.LocalIpAddress is not null)
        {
            if (request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]"))
            {
                throw new PublicError(
                    ErrorId.Forbidden,
                    "Without authentication only requests to localhost, 127.0.0.1 or [::1] are served."
                );
            }
            if (request.Headers.Origin.Count > 0)
            {
                throw new PublicError(
                    ErrorId.Forbidden,
                    "Without authentication no request from a web page is served (it has an Origin header)."
                );
            }
        }
        return Principal.Anonymous;
    }
}
