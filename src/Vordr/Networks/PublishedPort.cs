using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Oci.Errors;

namespace Vordr.Networks;

/// <summary>Transport of a published port.</summary>
public enum PortProtocol
{
    /// <summary>TCP.</summary>
    Tcp,

    /// <summary>UDP.</summary>
    Udp,
}

/// <summary>A port of the host that leads to a port of a container: <c>-p [ip:]host:container[/proto]</c>.</summary>
public sealed record PublishedPort
{
    /// <summary>The one host address on which it answers; null: on every address of the host, loopback included.</summary>
    public IPAddress? HostIp { get; init; }

    /// <summary>Port on the host; 0 asks for any free one, and is settled before the port is published.</summary>
    public required ushort HostPort { get; init; }

    /// <summary>Port inside the container.</summary>
    public required ushort ContainerPort { get; init; }

    /// <summary>Transport.</summary>
    public PortProtocol Protocol { get; init; }

    /// <summary>Reads <c>[ip:]host:container[/tcp|/udp]</c>; <c>0.0.0.0</c> and no address mean every address.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.Usage"/>: says which part is wrong.</exception>
    public static PublishedPort Parse(string text)
    {
        var slash = text.IndexOf('/');
        var protocol = slash < 0 ? PortProtocol.Tcp : ParseProtocol(text, text[(slash + 1)..]);
        var parts = (slash < 0 ? text : text[..slash]).Split(':');
        if (parts.Length is not (2 or 3))
            throw Malformed(text, "it takes the form [address:]host-port:container-port[/tcp|/udp]");
        return new PublishedPort
        {
            HostIp = parts.Length == 3 ? ParseAddress(text, parts[0]) : null,
            HostPort = ParsePort(text, parts[^2], "host", lowest: 0),
            ContainerPort = ParsePort(text, parts[^1], "container", lowest: 1),
            Protocol = protocol,
        };
    }

    /// <summary>Whether both can't be published at once: same transport and port, and a host address in common.</summary>
    public bool ConflictsWith(PublishedPort other) =>
        Protocol == other.Protocol
        && HostPort == other.HostPort
        && HostPort != 0
        && (HostIp is null || other.HostIp is null || HostIp.Equals(other.HostIp));

    /// <summary>As <c>docker ps</c> prints it: <c>0.0.0.0:8080->80/tcp</c>.</summary>
    public override string ToString() => $"{HostSide()}->{ContainerPort}/{ProtocolName}";

    /// <summary><c>tcp</c> or <c>udp</c>.</summary>
    internal string ProtocolName => Protocol == PortProtocol.Tcp ? "tcp" : "udp";

    /// <summary>The host's side, for messages: <c>127.0.0.1:8080</c>.</summary>
    internal string HostSide() => $"{HostIp ?? IPAddress.Any}:{HostPort}";

    private static PortProtocol ParseProtocol(string text, string name) =>
        name switch
        {
            "tcp" => PortProtocol.Tcp,
            "udp" => PortProtocol.Udp,
            _ => throw Malformed(text, $"'{name}' is neither tcp nor udp"),
        };

    private static IPAddress? ParseAddress(string text, string part)
    {
        // IPAddress.Parse takes "1" and "010.1"; an address that people wrote has four decimal parts.
        if (!IPAddress.TryParse(part, out var address) || address.AddressFamily != AddressFamily.InterNetwork)
            throw Malformed(text, $"'{part}' is not an IPv4 address");
        if (!string.Equals(address.ToString(), part, StringComparison.Ordinal))
            throw Malformed(text, $"'{part}' is not written as an IPv4 address is; did you mean {address}?");
        return address.Equals(IPAddress.Any) ? null : address;
    }

    private static ushort ParsePort(string text, string part, string side, int lowest) =>
        ushort.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port >= lowest
            ? port
            : throw Malformed(text, $"the {side} port '{part}' is not a number from {lowest} to 65535");

    private static PublicError Malformed(string text, string why) =>
        new(ErrorId.Usage, $"The published port '{text}' is malformed: {why}.", "write for example -p 8080:80");
}

/// <summary>A published port that is taken, and by whom.</summary>
/// <param name="Owner">What to call the owner in a message: a container's name.</param>
/// <param name="Port">The port.</param>
internal sealed record PortOwner(string Owner, PublishedPort Port);
