using System.Net;
using System.Net.NetworkInformation;
using Oci.Errors;

namespace Vordr.Networks;

/// <summary>Hardware addresses of our interfaces.</summary>
internal static class HardwareAddress
{
    /// <summary>
    /// <c>02:57</c> (locally administered) and the IPv4 address: unique where that is unique, and the same again when
    /// an address is used again, so that nobody's neighbour cache points at a container that is gone.
    /// </summary>
    public static byte[] Of(IPAddress address) => [0x02, 0x57, .. address.GetAddressBytes()];

    /// <summary>Reads <c>02:57:0a:57:00:02</c>; it must be a unicast address.</summary>
    public static byte[] Parse(string text)
    {
        if (!PhysicalAddress.TryParse(text, out var parsed) || parsed.GetAddressBytes() is not { Length: 6 } bytes)
            throw new PublicError(ErrorId.Usage, $"'{text}' is not a hardware address such as 02:57:0a:57:00:02.");
        return (bytes[0] & 1) == 0
            ? bytes
            : throw new PublicError(ErrorId.Usage, $"'{text}' is a multicast address; an interface needs another.");
    }
}
