using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vordr.Linux;

/// <summary>Requests to rtnetlink(7), in the order in which they are to be done.</summary>
internal sealed class RouteBatch
{
    public const byte InternetFamily = 2;
    public const uint FlagUp = 1;

    private const byte Internet6Family = 10;
    private const byte MainTable = 254;
    private const byte ProtocolStatic = 4;
    private const byte TypeUnicast = 1;

    /// <summary>IN6_ADDR_GEN_MODE_NONE.</summary>
    private const byte NoLinkLocalAddress = 1;

    /// <summary>The messages so far.</summary>
    public NetlinkBatch Messages { get; } = new();

    /// <summary>
    /// Makes a bridge, up. Its hardware address is set, since a bridge without one takes that of its lowest port, and
    /// would change it whenever a container comes or goes.
    /// </summary>
    public RouteBatch CreateBridge(string name, ReadOnlySpan<byte> mac)
    {
        Start(RouteMessage.NewLink, NetlinkFlags.Create | NetlinkFlags.Exclusive, $"create bridge {name}")
            .Structure(new LinkHeader())
            .Attribute(RouteAttribute.LinkName, name)
            .Attribute(RouteAttribute.LinkAddress, mac)
            .Nested(RouteAttribute.LinkInfo, info => info.Attribute(RouteAttribute.InfoKind, "bridge"));
        return this;
    }

    /// <summary>
    /// Makes a veth pair: the host's end up and joined to a bridge, the other end in the given namespace. The other
    /// end is not brought up here: the kernel refuses that with ENOTCONN while this end isn't complete.
    /// </summary>
    public RouteBatch CreateVeth(string name, int bridge, SafeFileHandle peerNamespace, string peer, byte[] peerMac)
    {
        Start(RouteMessage.NewLink, NetlinkFlags.Create | NetlinkFlags.Exclusive, $"create pair {name}")
            .Structure(new LinkHeader { Flags = FlagUp, Change = FlagUp })
            .Attribute(RouteAttribute.LinkName, name)
            .Attribute(RouteAttribute.LinkMaster, (uint)bridge)
            .Nested(
                RouteAttribute.LinkInfo,
                info =>
                    info.Attribute(RouteAttribute.InfoKind, "veth")
                        .Nested(
                            RouteAttribute.InfoData,
                            data =>
                                data.Nested(
                                    RouteAttribute.VethPeer,
                                    end =>
                                        end.Structure(new LinkHeader())
                                            .Attribute(RouteAttribute.LinkName, peer)
                                            .Attribute(RouteAttribute.LinkAddress, peerMac)
                                            .Attribute(
                                                RouteAttribute.LinkNamespaceDescriptor,
                                                (uint)peerNamespace.DangerousGetHandle()
                                            )
                                )
                        )
            );
        return this;
    }

    /// <summary>Writes on a link whose it is.</summary>
    public RouteBatch SetAlias(string name, string alias)
    {
        Start(RouteMessage.SetLink, 0, $"alias {name}")
            .Structure(new LinkHeader())
            .Attribute(RouteAttribute.LinkName, name)
            .Attribute(RouteAttribute.LinkAlias, alias);
        return this;
    }

    /// <summary>
    /// As <see cref="SetAlias"/>, for a bridge port, and lets it send frames back to where they came from: a container
    /// that calls its own published port through the host, where bridged packets pass the firewall.
    /// </summary>
    public RouteBatch SetPortAlias(string name, string alias)
    {
        Start(RouteMessage.NewLink, 0, $"alias and hairpin {name}")
            .Structure(new LinkHeader())
            .Attribute(RouteAttribute.LinkName, name)
            .Attribute(RouteAttribute.LinkAlias, alias)
            .Nested(
                RouteAttribute.LinkInfo,
                info =>
                    info.Attribute(RouteAttribute.InfoSlaveKind, "bridge")
                        .Nested(
                            RouteAttribute.InfoSlaveData,
                            data => data.Attribute(RouteAttribute.BridgePortHairpin, (byte)1)
                        )
            );
        return this;
    }

    /// <summary>
    /// Keeps a link from giving itself an IPv6 link-local address: our networks are IPv4 networks, and an address that
    /// nobody asked for is one that no rule of ours guards.
    /// </summary>
    public RouteBatch WithoutLinkLocalAddress(int link)
    {
        Start(RouteMessage.SetLink, 0, $"no IPv6 address on link {link}")
            .Structure(new LinkHeader { Index = link })
            .Nested(
                RouteAttribute.LinkFamilies,
                families =>
                    families.Nested(
                        Internet6Family,
                        internet6 => internet6.Attribute(RouteAttribute.AddressGeneration, NoLinkLocalAddress)
                    )
            );
        return this;
    }

    /// <summary>Joins a link to a bridge.</summary>
    public RouteBatch SetMaster(int link, int bridge)
    {
        Start(RouteMessage.SetLink, 0, $"link {link} to bridge {bridge}")
            .Structure(new LinkHeader { Index = link })
            .Attribute(RouteAttribute.LinkMaster, (uint)bridge);
        return this;
    }

    /// <summary>Brings a link up.</summary>
    public RouteBatch Up(int link)
    {
        Start(RouteMessage.SetLink, 0, $"link {link} up")
            .Structure(
                new LinkHeader
                {
                    Index = link,
                    Flags = FlagUp,
                    Change = FlagUp,
                }
            );
        return this;
    }

    /// <summary>Gives a link an IPv4 address; one that it has already is EEXIST.</summary>
    public RouteBatch AddAddress(int link, IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        Start(RouteMessage.NewAddress, NetlinkFlags.Create | NetlinkFlags.Exclusive, $"add {address}/{prefix}")
            .Structure(
                new AddressHeader
                {
                    Family = InternetFamily,
                    PrefixLength = (byte)prefix,
                    Link = link,
                }
            )
            .Attribute(RouteAttribute.AddressLocal, bytes)
            .Attribute(RouteAttribute.AddressAddress, bytes);
        return this;
    }

    /// <summary>Makes the gateway the default route; one that is there already is replaced.</summary>
    public RouteBatch SetDefaultRoute(IPAddress gateway, int link)
    {
        Start(RouteMessage.NewRoute, NetlinkFlags.Create | NetlinkFlags.Replace, $"default route via {gateway}")
            .Structure(
                new RouteHeader
                {
                    Family = InternetFamily,
                    Table = MainTable,
                    Protocol = ProtocolStatic,
                    Type = TypeUnicast,
                }
            )
            .Attribute(RouteAttribute.RouteGateway, gateway.GetAddressBytes())
            .Attribute(RouteAttribute.RouteOutput, (uint)link);
        return this;
    }

    /// <summary>Deletes a link, and with it the other end of a pair.</summary>
    public RouteBatch DeleteLink(int link, string name)
    {
        Start(RouteMessage.DeleteLink, 0, $"delete {name}").Structure(new LinkHeader { Index = link });
        return this;
    }

    private NetlinkBatch Start(ushort type, int flags, string subject) =>
        Messages.Message(type, (ushort)(flags | NetlinkFlags.Acknowledge), subject);
}

/// <summary>RTM_… of <c>linux/rtnetlink.h</c>.</summary>
internal static class RouteMessage
{
    public const ushort NewLink = 16;
    public const ushort DeleteLink = 17;
    public const ushort GetLink = 18;
    public const ushort SetLink = 19;
    public const ushort NewAddress = 20;
    public const ushort GetAddress = 22;
    public const ushort NewRoute = 24;
    public const ushort GetRoute = 26;
}

/// <summary>Attribute numbers of <c>linux/if_link.h</c>, <c>if_addr.h</c>, <c>rtnetlink.h</c>, <c>veth.h</c>.</summary>
internal static class RouteAttribute
{
    public const ushort LinkAddress = 1;
    public const ushort LinkName = 3;
    public const ushort LinkPeer = 5;
    public const ushort LinkMaster = 10;
    public const ushort LinkInfo = 18;
    public const ushort LinkAlias = 20;
    public const ushort LinkFamilies = 26;
    public const ushort LinkNamespaceDescriptor = 28;
    public const ushort LinkPeerNamespace = 37;

    public const ushort InfoKind = 1;
    public const ushort InfoData = 2;
    public const ushort InfoSlaveKind = 4;
    public const ushort InfoSlaveData = 5;

    public const ushort VethPeer = 1;
    public const ushort BridgePortHairpin = 4;
    public const ushort AddressGeneration = 8;

    public const ushort AddressAddress = 1;
    public const ushort AddressLocal = 2;

    public const ushort RouteDestination = 1;
    public const ushort RouteOutput = 4;
    public const ushort RouteGateway = 5;
}

/// <summary>struct ifinfomsg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkHeader
{
    public byte Family;
    public byte Padding;
    public ushort Type;
    public int Index;
    public uint Flags;
    public uint Change;
}

/// <summary>struct ifaddrmsg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AddressHeader
{
    public byte Family;
    public byte PrefixLength;
    public byte Flags;
    public byte Scope;
    public int Link;
}

/// <summary>struct rtmsg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RouteHeader
{
    public byte Family;
    public byte DestinationLength;
    public byte SourceLength;
    public byte TypeOfService;
    public byte Table;
    public byte Protocol;
    public byte Scope;
    public byte Type;
    public uint Flags;
}
