using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Oci.Errors;

namespace Vordr.Networks;

/// <summary>Choice of addresses and subnets: pure logic over what is taken; the caller's transaction makes it unique.</summary>
internal static class AddressPool
{
    /// <summary>From where the default and user-made networks take their subnets, /24 by /24.</summary>
    public static readonly IPNetwork Default = IPNetwork.Parse("10.87.0.0/16");

    private const int SubnetPrefix = 24;

    /// <summary>The gateway of a subnet: its first host address.</summary>
    public static IPAddress Gateway(IPNetwork subnet) => ToAddress(First(subnet) + 1);

    /// <summary>
    /// A free host address of <paramref name="subnet"/>: the first one after <paramref name="last"/>, going round, so
    /// that an address just given back rests as long as possible.
    /// </summary>
    /// <exception cref="PublicError"><see cref="ErrorId.NetworkExhausted"/>.</exception>
    public static IPAddress Next(
        IPNetwork subnet,
        IPAddress gateway,
        IEnumerable<IPAddress> taken,
        IPAddress? last = null
    )
    {
        var occupied = taken.Select(ToNumber).Append(ToNumber(gateway)).ToHashSet();
        // The network's own address and its broadcast address belong to nobody.
        var (lowest, highest) = (First(subnet) + 1, Last(subnet) - 1);
        var start = last is not null && subnet.Contains(last) ? ToNumber(last) + 1 : lowest;
        // One candidate more than there are occupied ones: one of them must be free, if the subnet has that many.
        var candidates = Math.Min((long)highest - lowest + 1, occupied.Count + 1L);
        for (var candidate = start; candidates > 0; candidate++, candidates--)
        {
            if (candidate > highest || candidate < lowest)
                candidate = lowest;
            if (!occupied.Contains(candidate))
                return ToAddress(candidate);
        }
        throw new PublicError(
            ErrorId.NetworkExhausted,
            $"Every address of the subnet {subnet} is taken.",
            "remove containers that are no longer needed: vordr ps, vordr rm",
            "or create a network with a larger subnet: vordr network create"
        );
    }

    /// <summary>
    /// The first /24 of <paramref name="pool"/>, from the <paramref name="start"/>-th on and going round, that overlaps
    /// none of <paramref name="taken"/>.
    /// </summary>
    /// <exception cref="PublicError"><see cref="ErrorId.NetworkExhausted"/>.</exception>
    public static IPNetwork FreeSubnet(IPNetwork pool, IEnumerable<IPNetwork> taken, int start = 0)
    {
        var occupied = taken.Where(IsInternet4).ToList();
        var count = 1 << (SubnetPrefix - pool.PrefixLength);
        for (var i = 0; i < count; i++)
        {
            var offset = (uint)((start + i) % count) << (32 - SubnetPrefix);
            var subnet = new IPNetwork(ToAddress(First(pool) + offset), SubnetPrefix);
            if (!occupied.Any(other => Overlap(subnet, other)))
                return subnet;
        }
        throw new PublicError(
            ErrorId.NetworkExhausted,
            $"Every /24 of {pool} overlaps a network of ours or a route of this host.",
            "name a subnet that is free here: vordr network create --subnet",
            "see the host's routes: ip route show table all"
        );
    }

    /// <summary>Checks a subnet that a user asked for: IPv4, room for a gateway and a container, overlapping none.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.Usage"/> or <see cref="ErrorId.NetworkConflict"/>.</exception>
    public static void CheckSubnet(IPNetwork subnet, IEnumerable<IPNetwork> taken)
    {
        if (!IsInternet4(subnet))
            throw new PublicError(ErrorId.Usage, $"The subnet {subnet} is not an IPv4 subnet.");
        if (subnet.PrefixLength is < 8 or > 30)
            throw new PublicError(ErrorId.Usage, $"The subnet {subnet} is not between /8 and /30 in size.");
        if (Reserved.FirstOrDefault(other => Overlap(subnet, other)) is { PrefixLength: > 0 } reserved)
            throw new PublicError(ErrorId.Usage, $"The subnet {subnet} lies in {reserved}, which no host may have.");
        if (taken.Where(IsInternet4).FirstOrDefault(other => Overlap(subnet, other)) is { PrefixLength: > 0 } other)
        {
            throw new PublicError(
                ErrorId.NetworkConflict,
                $"The subnet {subnet} overlaps {other}, which is in use on this host.",
                "leave the subnet out, and a free one is chosen"
            );
        }
    }

    /// <summary>Whether two subnets have an address in common.</summary>
    internal static bool Overlap(IPNetwork one, IPNetwork other) =>
        First(one) <= Last(other) && First(other) <= Last(one);

    /// <summary>"This network", loopback, multicast, reserved and broadcast (RFC 6890).</summary>
    private static readonly IPNetwork[] Reserved =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("224.0.0.0/3"),
    ];

    private static bool IsInternet4(IPNetwork network) =>
        network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;

    private static uint First(IPNetwork network) => ToNumber(network.BaseAddress);

    private static uint Last(IPNetwork network) => First(network) | (uint)(0xffff_ffffL >> network.PrefixLength);

    private static uint ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (!address.TryWriteBytes(bytes, out var written) || written != 4)
            throw new ArgumentException($"{address} is not an IPv4 address.", nameof(address));
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private static IPAddress ToAddress(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
