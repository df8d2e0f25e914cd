using System.Net;
using Oci.Errors;

namespace Svalinn.Hosting;

/// <summary>Where the gateway listens: an address and port, or a unix socket.</summary>
internal sealed record ListenAddress
{
    private const string UnixPrefix = "unix:";

    private ListenAddress(IPEndPoint? endPoint, string? socketPath) => (EndPoint, SocketPath) = (endPoint, socketPath);

    /// <summary>Address and port, if it is TCP.</summary>
    public IPEndPoint? EndPoint { get; }

    /// <summary>Path, if it is a unix socket.</summary>
    public string? SocketPath { get; }

    /// <summary>Whether only this host can reach it.</summary>
    public bool IsLocal => EndPoint is null || IPAddress.IsLoopback(EndPoint.Address);

    /// <summary>Reads <c>127.0.0.1:3000</c>, <c>[::1]:3000</c> or <c>unix:/path</c>.</summary>
    /// <exception cref="PublicError">It is none of them.</exception>
    public static ListenAddress Parse(string text)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal) && Path.IsPathRooted(text[UnixPrefix.Length..]))
            return new ListenAddress(null, text[UnixPrefix.Length..]);
        // IPEndPoint takes a bare address as well, and would listen on any port.
        if (text.LastIndexOf(':') > text.LastIndexOf(']') && IPEndPoint.TryParse(text, out var endPoint))
        {
            if (text[0] == '[' || !text.AsSpan(0, text.LastIndexOf(':')).Contains(':'))
                return new ListenAddress(endPoint, null);
        }
        throw new PublicError(
            ErrorId.Config,
            $"'{text}' is not an address to listen on.",
            "Use 127.0.0.1:3000, [::1]:3000 or unix:/run/svalinn/http.sock."
        );
    }

    /// <inheritdoc/>
    public override string ToString() => SocketPath is null ? EndPoint!.ToString() : UnixPrefix + SocketPath;
}
