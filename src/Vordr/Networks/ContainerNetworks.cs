using System.Globalization;
using System.Net;
using Oci.Errors;
using Vordr.Containers;
using Vordr.Locks;

namespace Vordr.Networks;

/// <summary>
/// Joins what the database says of networks with what the kernel has: rows are written first, so that whatever the
/// kernel has and no row explains is an orphan.
/// </summary>
internal sealed class ContainerNetworks(Instance instance)
{
    /// <summary>The network of this name; the default one is made now if it isn't there. Takes the network lock then.</summary>
    /// <exception cref="PublicError"><see cref="ErrorId.NotFound"/>.</exception>
    public async Task<NetworkRow> RequireAsync(string name, CancellationToken cancellation)
    {
        if (instance.Database.Read(session => session.FindNetwork(name)) is { } known)
            return known;
        if (name != NetworkNames.Default)
            throw NotFound(name);
        using var held = await instance.Locks.TakeAsync(LockNames.Networks, cancellation);
        return instance.Database.Read(session => session.FindNetwork(name)) ?? Make(name, null);
    }

    /// <summary>Makes a network's row; the caller holds the network lock. The kernel's part is made at first use.</summary>
    public NetworkRow Make(string name, IPNetwork? subnet)
    {
        var networks = instance.Database.Read(session => session.Networks());
        var taken = networks.ConvertAll(row => row.Definition.Subnet);
        if (subnet is { } wanted)
            instance.Networks.CheckSubnet(wanted, taken);
        var chosen = subnet ?? instance.Networks.ChooseSubnet(taken);
        var bridges = networks.Select(row => row.Definition.BridgeName).ToHashSet();
        var row = new NetworkRow(
            new NetworkDefinition
            {
                Name = name,
                Subnet = chosen,
                Gateway = AddressPool.Gateway(chosen),
                BridgeName = Enumerable
                    .Range(0, networks.Count + 1)
                    .Select(index => InterfaceNames.Bridge(instance.Paths.Instance, index))
                    .First(bridge => !bridges.Contains(bridge)),
            },
            null,
            instance.Time.GetUtcNow()
        );
        instance.Database.Write(session => session.Insert(row));
        return row;
    }

    /// <summary>
    /// Brings a container's network up: ports settled and taken, then the kernel's part. The caller holds network and
    /// container lock, and the container has its address. Returns what people should know.
    /// </summary>
    public IReadOnlyList<string> SetUp(ContainerRow container, NetworkRow network)
    {
        var (owners, address) = instance.Database.Read(session =>
            (session.PortOwners(), session.FindAddress(container.Id))
        );
        var ports = instance.Networks.SettlePorts(container.Options.Ports, owners);
        instance.Database.Write(session => session.TakePorts(container.Id, ports));
        return instance.Networks.SetUp(
            Attachment(container, address!, ports),
            network.Definition,
            () => instance.Database.Read(session => session.NetworkState(instance.Paths.Instance))
        );
    }

    /// <summary>Takes a container's network down; the caller holds the network lock. Twice is once.</summary>
    public void TearDown(ContainerRow container)
    {
        if (!NetworkNames.IsBridge(container.Network))
            return;
        instance.Networks.TearDown(container.Id.ToString());
        instance.Database.Write(session => session.GiveBackNetwork(container.Id));
    }

    /// <summary>
    /// When no container has an address any more, gives the host back what all of them shared: bridges, firewall,
    /// settings. The caller holds the network lock.
    /// </summary>
    public void ReleaseIdle()
    {
        var state = instance.Database.Read(session => session.NetworkState(instance.Paths.Instance));
        if (state.Attachments.Count == 0 && state.Networks.Count > 0)
            instance.Networks.ReleaseUnused(state);
    }

    /// <summary>
    /// As <see cref="ReleaseIdle"/>, for what a process that was killed on its way there has left; whoever holds the
    /// network lock is on his way there himself. Costs one look at a file while there is nothing.
    /// </summary>
    public void ReleaseLeftovers()
    {
        if (!instance.Networks.IsInUse || instance.Database.Read(session => session.AnyAddress()))
            return;
        using var held = instance.Locks.TryTake(LockNames.Networks);
        if (held is not null)
            ReleaseIdle();
    }

    /// <summary>Length of a subnet's prefix after an address, as people read it: <c>10.87.0.2/24</c>.</summary>
    public static string WithPrefix(IPAddress address, NetworkRow network) =>
        string.Create(CultureInfo.InvariantCulture, $"{address}/{network.Definition.Subnet.PrefixLength}");

    /// <summary>No network is called so.</summary>
    public static PublicError NotFound(string name) =>
        new(ErrorId.NotFound, $"There is no network {name}.", "vordr network ls", $"vordr network create {name}");

    private Attachment Attachment(ContainerRow container, IPAddress address, IReadOnlyList<PublishedPort> ports) =>
        new()
        {
            ContainerId = container.Id.ToString(),
            Network = container.Network,
            Address = address,
            HostIfName = InterfaceNames.Veth(instance.Paths.Instance, container.Id.ToString()),
            Ports = ports,
        };
}
