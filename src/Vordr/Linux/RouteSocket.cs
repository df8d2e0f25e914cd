using System.Net;
using System.Runtime.InteropServices;

namespace Vordr.Linux;

/// <summary>A network interface as the kernel tells it.</summary>
/// <param name="Index">Interface index.</param>
/// <param name="Name">Interface name.</param>
/// <param name="Up">Whether IFF_UP is set.</param>
/// <param name="Kind"><c>bridge</c>, <c>veth</c>, …; empty for hardware.</param>
/// <param name="Master">Index of the bridge it is joined to, 0 for none.</param>
/// <param name="Alias">Its alias, where we write whose it is.</param>
/// <param name="Peer">Index of the other end of a veth pair, 0 for none.</param>
/// <param name="PeerNamespaceKnown">
/// Whether the kernel names the peer's namespace: false once that namespace is being torn down.
/// </param>
internal sealed record Link(
    int Index,
    string Name,
    bool Up,
    string Kind,
    int Master,
    string Alias,
    int Peer,
    bool PeerNamespaceKnown
);

/// <summary>Links, addresses and routes of one network namespace by rtnetlink(7).</summary>
internal sealed class RouteSocket : IDisposable
{
    private readonly NetlinkSocket _socket = NetlinkSocket.Open(NetlinkSocket.Route);

    /// <summary>Sends a batch; the first answer that is neither 0 nor among <paramref name="allowed"/> throws.</summary>
    public NetlinkAnswer[] Execute(RouteBatch batch, params ReadOnlySpan<int> allowed)
    {
        var answers = _socket.Execute(batch.Messages);
        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i].Error == 0 || allowed.Contains(answers[i].Error))
                continue;
            var subject = batch.Messages.Subjects[i];
            throw LinuxError.Of(
                "rtnetlink",
                answers[i].Text is { } text ? $"{subject}: {text}" : subject,
                answers[i].Error
            );
        }
        return answers;
    }

    /// <summary>The link of this name, or null.</summary>
    public Link? FindLink(string name) =>
        FindLink(new LinkHeader(), request => request.Attribute(RouteAttribute.LinkName, name), $"get {name}");

    /// <summary>
    /// Makes the kernel take notice of a carrier that has come: it does so when it is asked about the link (since
    /// Linux 6.13; before, a moment later by itself). Until then a port doesn't forward, and the first packet is
    /// lost and sent again a second later.
    /// </summary>
    public void SettleCarrier(int link) =>
        FindLink(new LinkHeader { Index = link }, request => request, $"get link {link}");

    /// <summary>All links.</summary>
    public List<Link> Links()
    {
        var links = new List<Link>();
        Dump(RouteMessage.GetLink, batch => batch.Structure(new LinkHeader()), body => links.Add(ReadLink(body)));
        return links;
    }

    /// <summary>All IPv4 addresses: interface index, address, prefix length.</summary>
    public List<(int Link, IPAddress Address, int Prefix)> Addresses()
    {
        var addresses = new List<(int, IPAddress, int)>();
        Dump(
            RouteMessage.GetAddress,
            batch => batch.Structure(new AddressHeader { Family = RouteBatch.InternetFamily }),
            body =>
            {
                var header = MemoryMarshal.Read<AddressHeader>(body.Span);
                foreach (var (type, value) in NetlinkAttributes.Of(body, Marshal.SizeOf<AddressHeader>()))
                {
                    // IFA_LOCAL is our own address; IFA_ADDRESS is the peer's on a point-to-point link.
                    if (type == RouteAttribute.AddressLocal)
                        addresses.Add((header.Link, new IPAddress(value.Span), header.PrefixLength));
                }
            }
        );
        return addresses;
    }

    /// <summary>Destinations of all IPv4 routes of all tables, without default routes.</summary>
    public List<IPNetwork> RouteDestinations()
    {
        var routes = new List<IPNetwork>();
        Dump(
            RouteMessage.GetRoute,
            batch => batch.Structure(new RouteHeader { Family = RouteBatch.InternetFamily }),
            body =>
            {
                var header = MemoryMarshal.Read<RouteHeader>(body.Span);
                foreach (var (type, value) in NetlinkAttributes.Of(body, Marshal.SizeOf<RouteHeader>()))
                {
                    if (type == RouteAttribute.RouteDestination && header.DestinationLength > 0)
                        routes.Add(new IPNetwork(new IPAddress(value.Span), header.DestinationLength));
                }
            }
        );
        return routes;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private Link? FindLink(LinkHeader header, Func<NetlinkBatch, NetlinkBatch> which, string subject)
    {
        Link? found = null;
        // With an acknowledgement asked for, the answer ends like a dump's: by a message that isn't a link.
        var request = new NetlinkBatch()
            .Message(RouteMessage.GetLink, NetlinkFlags.Acknowledge, subject)
            .Structure(header);
        var error = _socket.Query(which(request), body => found = ReadLink(body));
        return error switch
        {
            0 => found,
            Errno.ENODEV => null,
            _ => throw LinuxError.Of("rtnetlink", subject, error),
        };
    }

    private void Dump(ushort type, Func<NetlinkBatch, NetlinkBatch> header, Action<ReadOnlyMemory<byte>> take)
    {
        var request = header(new NetlinkBatch().Message(type, NetlinkFlags.Dump, "list"));
        var error = _socket.Query(request, take);
        if (error != 0)
            throw LinuxError.Of("rtnetlink", "list", error);
    }

    private static Link ReadLink(ReadOnlyMemory<byte> body)
    {
        var header = MemoryMarshal.Read<LinkHeader>(body.Span);
        var (name, kind, alias, master, peer, peerKnown) = ("", "", "", 0, 0, false);
        foreach (var (type, value) in NetlinkAttributes.Of(body, Marshal.SizeOf<LinkHeader>()))
        {
            switch (type)
            {
                case RouteAttribute.LinkName:
                    name = NetlinkAttributes.Text(value);
                    break;
                case RouteAttribute.LinkAlias:
                    alias = NetlinkAttributes.Text(value);
                    break;
                case RouteAttribute.LinkMaster:
                    master = NetlinkAttributes.Int32(value);
                    break;
                case RouteAttribute.LinkPeer:
                    peer = NetlinkAttributes.Int32(value);
                    break;
                case RouteAttribute.LinkPeerNamespace:
                    peerKnown = NetlinkAttributes.Int32(value) >= 0;
                    break;
                case RouteAttribute.LinkInfo:
                    foreach (var (infoType, infoValue) in NetlinkAttributes.Of(value))
                    {
                        if (infoType == RouteAttribute.InfoKind)
                            kind = NetlinkAttributes.Text(infoValue);
                    }
                    break;
                default:
                    break;
            }
        }
        return new Link(
            header.Index,
            name,
            (header.Flags & RouteBatch.FlagUp) != 0,
            kind,
            master,
            alias,
            peer,
            peerKnown
        );
    }
}
