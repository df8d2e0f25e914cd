using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Claims;

namespace Vordr.Server.Listening;

/// <summary>Who is at the other end of a connection, as the kernel or the token says; never as they say themselves.</summary>
internal abstract record Peer
{
    private const string ClaimUser = "vordr:uid";
    private const string ClaimProcess = "vordr:pid";
    private const string ClaimToken = "vordr:token";

    private Peer() { }

    /// <summary>The peer as principals are written: <c>uid:0</c>, <c>token</c>, <c>stdio</c>.</summary>
    public abstract string Name { get; }

    /// <summary>A process on this host, over the unix socket.</summary>
    /// <param name="User">Its effective user when it connected.</param>
    /// <param name="Process">Its pid when it connected.</param>
    public sealed record Local(uint User, int Process) : Peer
    {
        /// <inheritdoc/>
        public override string Name => $"uid:{User}";
    }

    /// <summary>A holder of the bearer token, over TCP.</summary>
    public sealed record TokenHolder : Peer
    {
        /// <inheritdoc/>
        public override string Name => "token";
    }

    /// <summary>The process that started <c>vordr serve --stdio</c>.</summary>
    public sealed record Parent : Peer
    {
        /// <inheritdoc/>
        public override string Name => "stdio";
    }

    /// <summary>Reads SO_PEERCRED (unix(7)) of a connected unix socket.</summary>
    public static Local Of(Socket socket)
    {
        const int solSocket = 1;
        const int soPeerCred = 17;
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(solSocket, soPeerCred, credentials);
        return new Local(
            BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(credentials)
        );
    }

    /// <summary>The form in which the web server carries a peer from the connection to the tool.</summary>
    public ClaimsPrincipal ToPrincipal()
    {
        Claim[] claims = this switch
        {
            Local local =>
            [
                new(ClaimUser, local.User.ToString(CultureInfo.InvariantCulture)),
                new(ClaimProcess, local.Process.ToString(CultureInfo.InvariantCulture)),
            ],
            TokenHolder => [new(ClaimToken, "")],
            _ => [],
        };
        // The SDK gives a session of older revisions to the name that opened it, and to nobody else.
        return new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, Name), .. claims], "vordr"));
    }

    /// <summary>The peer that <see cref="ToPrincipal"/> wrote; no principal at all means standard input.</summary>
    public static Peer From(ClaimsPrincipal? principal)
    {
        if (principal?.FindFirst(ClaimUser) is { } user)
        {
            return new Local(
                uint.Parse(user.Value, CultureInfo.InvariantCulture),
                int.Parse(principal.FindFirst(ClaimProcess)!.Value, CultureInfo.InvariantCulture)
            );
        }
        return principal?.FindFirst(ClaimToken) is not null ? new TokenHolder() : new Parent();
    }
}
