using System.Net.Sockets;

namespace Svalinn.Limits;

/// <summary>What counts as one address.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// The peer's address; of IPv6 the /64 that one subscriber has; <c>unix</c> for peers on a socket. Headers of
    /// proxies are not believed.
    /// </summary>
    public static string Of(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address)
            return "unix";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
