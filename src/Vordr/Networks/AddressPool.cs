using System.Net;

namespace Vordr.Networks;

/// <summary>Choice of addresses and subnets: pure logic over what is taken; the caller's transaction makes it unique.</summary>
internal static class AddressPool
{
    /// <summary>From where the default and user-made networks take their subnets, /24 by /24.</summary>
    public static readonly IPNetwork Default = IPNetwork.Parse("10.87.0.0/16");

    /// <summary>The gateway of a subnet: its first host address.</summary>
    public static IPAddress Gateway(IPNetwork subnet) => throw new NotImplementedException();

    /// <summary>
    /// A free host address of <paramref name="subnet"/>: the first one after <paramref name="last"/>, going round, so
    /// that an address just given back rests as long as possible.
    /// </summary>
    public static IPAddress Next(
        IPNetwork subnet,
        IPAddress gateway,
        IEnumerable<IPAddress> taken,
        IPAddress? last = null
    ) => throw new NotImplementedException();

    /// <summary>The first /24 of <paramref name="pool"/> that overlaps none of <paramref name="taken"/>.</summary>
    public static IPNetwork FreeSubnet(IPNetwork pool, IEnumerable<IPNetwork> taken) =>
        throw new NotImplementedException();

    /// <summary>Checks a subnet that a user asked for: IPv4, private enough to be useful, /8 to /29, overlapping none.</summary>
    public static void CheckSubnet(IPNetwork subnet, IEnumerable<IPNetwork> taken) =>
        throw new NotImplementedException();
}
