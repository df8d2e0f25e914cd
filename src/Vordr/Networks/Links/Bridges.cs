using Oci.Errors;
using Vordr.Linux;

namespace Vordr.Networks.Links;

/// <summary>Bridges of one instance, by rtnetlink. What they are is written in their alias.</summary>
internal sealed class Bridges(string instance, RouteSocket host)
{
    /// <summary>Makes the network's bridge, with its address and up, or finishes one that is half made; returns its index.</summary>
    public int Ensure(NetworkDefinition network)
    {
        var name = network.BridgeName;
        var bridge = host.FindLink(name);
        if (bridge is null)
        {
            RefuseOverlap(network);
            // EEXIST: another command made it just now.
            host.Execute(
                new RouteBatch().CreateBridge(name, HardwareAddress.Of(network.Gateway)),
                allowed: [Errno.EEXIST]
            );
            bridge = host.FindLink(name) ?? throw LinuxError.Of("rtnetlink", $"get {name}", Errno.ENODEV);
        }
        if (bridge.Kind != "bridge")
            throw NameTaken(network, $"an interface of kind '{bridge.Kind}'");
        if (bridge.Alias.Length > 0 && bridge.Alias != Ownership.Network(instance, network.Name))
            throw NameTaken(network, $"'{bridge.Alias}'");
        if (!IsFinished(bridge, network))
        {
            // The alias comes last: it says that all before it is done. EAFNOSUPPORT: a kernel without IPv6.
            host.Execute(
                new RouteBatch()
                    .WithoutLinkLocalAddress(bridge.Index)
                    .AddAddress(bridge.Index, network.Gateway, network.Subnet.PrefixLength)
                    .Up(bridge.Index)
                    .SetAlias(name, Ownership.Network(instance, network.Name)),
                allowed: [Errno.EEXIST, Errno.EAFNOSUPPORT]
            );
        }
        HostSettings.RouteLoopback(name);
        return bridge.Index;
    }

    /// <summary>Deletes a bridge and what is still joined to it; nothing there is fine.</summary>
    public void Delete(string name)
    {
        if (host.FindLink(name) is { Kind: "bridge" } bridge)
            DeleteWithPorts(bridge, host.Links());
    }

    /// <summary>As <see cref="Delete"/>, for a bridge out of a listing.</summary>
    public void DeleteWithPorts(Link bridge, IReadOnlyList<Link> links)
    {
        var batch = new RouteBatch();
        foreach (var port in links.Where(link => link.Master == bridge.Index))
            batch.DeleteLink(port.Index, port.Name);
        batch.DeleteLink(bridge.Index, bridge.Name);
        // ENODEV: gone by itself meanwhile.
        host.Execute(batch, allowed: [Errno.ENODEV]);
    }

    /// <summary>Whether it is up and has its address. What has our alias was finished once, but may have been changed.</summary>
    private bool IsFinished(Link bridge, NetworkDefinition network) =>
        bridge.Up
        && bridge.Alias.Length > 0
        && host.Addresses()
            .Any(address =>
                address.Link == bridge.Index
                && address.Address.Equals(network.Gateway)
                && address.Prefix == network.Subnet.PrefixLength
            );

    /// <summary>
    /// The subnet was free when the network was made; since then the host, or another instance, may have taken it. A
    /// wider route doesn't matter: the bridge's own is narrower.
    /// </summary>
    private void RefuseOverlap(NetworkDefinition network)
    {
        var overlap = host.RouteDestinations()
            .Any(route =>
                route.PrefixLength >= network.Subnet.PrefixLength && AddressPool.Overlap(route, network.Subnet)
            );
        // Looked at again: the route may be that of the bridge itself, made just now.
        if (!overlap || host.FindLink(network.BridgeName) is not null)
            return;
        throw new PublicError(
            ErrorId.NetworkConflict,
            $"The subnet {network.Subnet} of network '{network.Name}' is used by another network of this host now.",
            $"see whose it is: ip route show table all to root {network.Subnet}",
            "use another network: vordr network create, vordr run --network"
        );
    }

    private static PublicError NameTaken(NetworkDefinition network, string holder) =>
        new(
            ErrorId.NetworkConflict,
            $"The bridge '{network.BridgeName}' of network '{network.Name}' can't be made: {holder} has that name.",
            $"see whose it is: ip -d link show {network.BridgeName}",
            $"remove it if nobody needs it: ip link delete {network.BridgeName}"
        );
}
