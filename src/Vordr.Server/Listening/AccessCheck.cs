using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Oci.Errors;

namespace Vordr.Server.Listening;

/// <summary>
/// What every HTTP request passes before anything looks at it: a browser's page elsewhere can't reach us (Origin, and
/// Host against DNS rebinding), a TCP caller shows the token, and who the peer is comes from the kernel.
/// <c>GET /health</c> tells nothing and asks for no token.
/// </summary>
internal sealed class AccessCheck(BearerToken? token, RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        var socket = http.Features.Get<IConnectionSocketFeature>()?.Socket;
        var local = socket?.AddressFamily == AddressFamily.Unix;

        if (!IsLoopbackOrigin(http.Request.Headers.Origin))
        {
            return Problem.WriteAsync(
                http,
                new PublicError(ErrorId.Forbidden, "Pages of other origins can't use this server.")
            );
        }
        if (!local && !IsLoopbackHost(http.Request.Host))
        {
            return Problem.WriteAsync(
                http,
                new PublicError(ErrorId.Forbidden, $"This server isn't called '{http.Request.Host.Host}'.")
            );
        }
        if (local)
        {
            http.User = Peer.Of(socket!).ToPrincipal();
            return next(http);
        }
        if (token is not null && token.IsShownBy(http.Request.Headers.Authorization))
        {
            http.User = new Peer.TokenHolder().ToPrincipal();
            return next(http);
        }
        if (HttpMethods.IsGet(http.Request.Method) && http.Request.Path == HealthEndpoint.Path)
            return next(http);

        http.Response.Headers.WWWAuthenticate = "Bearer realm=\"vordr\"";
        return Problem.WriteAsync(
            http,
            new PublicError(
                ErrorId.Unauthenticated,
                "This server demands its bearer token over TCP.",
                "send it as `Authorization: Bearer …`; `vordr serve` says at its start which file holds it"
            )
        );
    }

    private static bool IsLoopbackOrigin(string? origin) =>
        string.IsNullOrEmpty(origin) || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && IsLoopback(uri.Host));

    private static bool IsLoopbackHost(HostString host) => host.HasValue && IsLoopback(host.Host);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
