using Microsoft.Win32.SafeHandles;
using Oci.Errors;
using Vordr.Linux;

namespace Vordr.Networks.Links;

/// <summary>
/// The interface pair of a container: one end on the bridge, the other, <c>eth0</c>, in its namespace. One message
/// makes the pair in place; whatever an interrupted attempt left is finished or made anew.
/// </summary>
internal sealed class ContainerLinks(string instance, RouteSocket host)
{
    private const string InnerName = "eth0";
    private const int Loopback = 1;

    /// <summary>Brings up the loopback of a new namespace.</summary>
    public static void BringLoopbackUp(RouteSocket inside) => inside.Execute(new RouteBatch().Up(Loopback));

    /// <summary>Joins a namespace to a bridge.</summary>
    /// <param name="attachment">Address, names and owner.</param>
    /// <param name="network">Gateway and size of the subnet.</param>
    /// <param name="bridge">Index of the network's bridge.</param>
    /// <param name="target">The namespace.</param>
    /// <param name="inside">A route socket in it.</param>
    public void Attach(
        Attachment attachment,
        NetworkDefinition network,
        int bridge,
        SafeFileHandle target,
        RouteSocket inside
    )
    {
        // 1. The pair: made at once in both namespaces, or what is there already.
        var name = attachment.HostIfName;
        var mac = attachment.Mac is { } given ? HardwareAddress.Parse(given) : HardwareAddress.Of(attachment.Address);
        var alias = Ownership.Container(instance, attachment.ContainerId);
        var pair = new RouteBatch().CreateVeth(name, bridge, target, InnerName, mac);
        var made = host.Execute(pair, allowed: [Errno.EEXIST])[0].Error == 0;
        if (!made && !TryJoin(attachment, alias, bridge, inside))
        {
            RemoveRemains(name, inside);
            host.Execute(new RouteBatch().CreateVeth(name, bridge, target, InnerName, mac));
        }
        // Only now: whoever has the name already keeps his alias.
        host.Execute(new RouteBatch().SetPortAlias(name, alias));
        var outer = host.FindLink(name) ?? throw LinuxError.Of("rtnetlink", $"get {name}", Errno.ENODEV);
        // 2. Inside: address, up, default route. EEXIST: done by an earlier attempt. EAFNOSUPPORT: no IPv6 here.
        var inner = inside.FindLink(InnerName) ?? throw LinuxError.Of("rtnetlink", $"get {InnerName}", Errno.ENODEV);
        inside.Execute(
            new RouteBatch()
                .Up(Loopback)
                .WithoutLinkLocalAddress(inner.Index)
                .AddAddress(inner.Index, attachment.Address, network.Subnet.PrefixLength)
                .Up(inner.Index)
                .SetDefaultRoute(network.Gateway, inner.Index),
            allowed: [Errno.EEXIST, Errno.EAFNOSUPPORT]
        );
        // 3. The wire is whole now: the port forwards, then the bridge has a carrier too.
        host.SettleCarrier(outer.Index);
        host.SettleCarrier(bridge);
    }

    /// <summary>Whether the host's end is there and belongs to this container and bridge.</summary>
    public bool IsAttached(Attachment attachment, int bridge, IReadOnlyList<Link> links) =>
        links.Any(link =>
            link.Name == attachment.HostIfName
            && link.Alias == Ownership.Container(instance, attachment.ContainerId)
            && link.Master == bridge
            && link.Up
        );

    /// <summary>Joins a pair that an earlier attempt made between exactly these ends; false when there is none.</summary>
    private bool TryJoin(Attachment attachment, string alias, int bridge, RouteSocket inside)
    {
        var outer = host.FindLink(attachment.HostIfName);
        if (outer is null)
            return false;
        if (outer.Alias != alias && outer.Alias.Length > 0)
        {
            throw new PublicError(
                ErrorId.NetworkConflict,
                $"The interface name '{outer.Name}' is taken by '{outer.Alias}'.",
                $"see whose it is: ip -d link show {outer.Name}"
            );
        }
        if (inside.FindLink(InnerName) is not { } inner || inner.Peer != outer.Index || outer.Peer != inner.Index)
            return false;
        host.Execute(new RouteBatch().SetMaster(outer.Index, bridge).Up(outer.Index).SetPortAlias(outer.Name, alias));
        return true;
    }

    /// <summary>Removes ends that don't belong together: left by an attempt with another namespace or name.</summary>
    private void RemoveRemains(string name, RouteSocket inside)
    {
        if (host.FindLink(name) is { } outer)
            host.Execute(new RouteBatch().DeleteLink(outer.Index, name), allowed: [Errno.ENODEV]);
        if (inside.FindLink(InnerName) is { } inner)
            inside.Execute(new RouteBatch().DeleteLink(inner.Index, InnerName), allowed: [Errno.ENODEV]);
    }
}
