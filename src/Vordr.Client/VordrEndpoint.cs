using Oci.Errors;

namespace Vordr.Client;

/// <summary>Where a <c>vordr serve</c> listens: a unix socket, or HTTP with a bearer token.</summary>
public sealed record VordrEndpoint
{
    private VordrEndpoint(string? socketPath, Uri baseAddress, string? token) =>
        (SocketPath, BaseAddress, Token) = (socketPath, baseAddress, token);

    /// <summary>Path of the unix socket, if it is one.</summary>
    public string? SocketPath { get; }

    /// <summary>The address that requests are made to; over a socket its host is <c>localhost</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The bearer token, over TCP.</summary>
    public string? Token { get; }

    /// <summary>The unix socket at <paramref name="path"/>.</summary>
    public static VordrEndpoint Unix(string path) => new(path, new Uri("http://localhost/"), null);

    /// <summary>The HTTP address <paramref name="address"/>, with its bearer token.</summary>
    public static VordrEndpoint Http(Uri address, string? token) =>
        new(null, new Uri(address.GetLeftPart(UriPartial.Authority) + "/"), token);

    /// <summary>Reads <c>unix:/path</c> or <c>http://host:port</c>.</summary>
    /// <exception cref="PublicError">It is neither.</exception>
    public static VordrEndpoint Parse(string text, string? token = null)
    {
        const string unix = "unix:";
        if (text.StartsWith(unix, StringComparison.Ordinal) && text.Length > unix.Length)
        {
            var path = text[unix.Length..];
            return Unix(path.StartsWith("//", StringComparison.Ordinal) ? path[2..] : path);
        }
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            return Http(address, token);
        throw new PublicError(
            ErrorId.Config,
            $"'{text}' is not an address of a Vörðr server.",
            "use unix:/run/vordr/mcp.sock, or http://127.0.0.1:8080 with a token"
        );
    }

    /// <summary>The endpoint as it is written in settings.</summary>
    public override string ToString() => SocketPath is null ? BaseAddress.ToString() : "unix:" + SocketPath;
}
