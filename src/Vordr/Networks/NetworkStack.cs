using System.Net;
using Vordr.Linux;
using Vordr.Networks.Firewalls;
using Vordr.Networks.Links;
using Vordr.Networks.Ports;

namespace Vordr.Networks;

/// <summary>What a <see cref="NetworkStack"/> needs to know.</summary>
/// <param name="Instance">Instance name: <c>vordr</c> or <c>vordr-1a2b3c</c>.</param>
/// <param name="RunRoot">
/// Run root: pins of namespaces in <c>netns/</c>; what we know of the host in <c>firewall</c> and <c>host-settings</c>.
/// </param>
internal sealed record NetworkStackOptions(string Instance, string RunRoot);

/// <summary>
/// The kernel's side of bridge networks: namespaces, bridges, veth pairs, published ports, host settings.
/// Everything can be called again after a crash at any step, and does what is still missing.
/// <para>
/// It acts in the network namespace of the thread that calls it first. Calls are synchronous, since each is a few
/// system calls of microseconds. Callers hold the instance's network lock over <see cref="SetUp"/>,
/// <see cref="TearDown"/>, <see cref="RemoveNetwork"/>, <see cref="ReleaseUnused"/> and <see cref="Reconcile"/>,
/// together with the reading or writing of the state they pass: what isn't in the state is an orphan.
/// </para>
/// <code>
///   SetUp        1 firewall table, ip_forward   2 bridge   3 namespace   4 pair, addresses, route   5 ports
///   TearDown     5 ports   3 pin: the kernel then drops namespace and pair by itself
///   ReleaseUnused          2 bridges of nobody   1 table, ip_forward as before
/// </code>
/// </summary>
internal sealed class NetworkStack : IDisposable
{
    private readonly NetworkStackOptions _options;
    private readonly Lazy<RouteSocket> _host = new(() => new RouteSocket());
    private readonly Lazy<Bridges> _bridges;
    private readonly Lazy<ContainerLinks> _links;
    private readonly Firewall _firewall;

    /// <summary>Opens nothing yet.</summary>
    public NetworkStack(NetworkStackOptions options)
    {
        _options = options;
        _bridges = new(() => new Bridges(options.Instance, _host.Value));
        _links = new(() => new ContainerLinks(options.Instance, _host.Value));
        _firewall = new Firewall(options);
    }

    /// <summary>Where the network namespace of a container is pinned; this path goes into the runtime spec.</summary>
    public string PinPath(string containerId) => Path.Join(PinDirectory, containerId);

    /// <summary>Removes files that killed processes left half-written.</summary>
    public void Sweep() => _firewall.Sweep();

    /// <summary>
    /// Whether the host still has something of ours: true from before the first change until after the last was put
    /// back. Costs one look at a file.
    /// </summary>
    public bool IsInUse => _firewall.IsInUse;

    /// <summary>
    /// Brings a container's network up whole. Returns notes for the user, each said once (that ip_forward was
    /// switched on).
    /// </summary>
    /// <param name="attachment">The container's place, all ports settled (<see cref="SettlePorts"/>).</param>
    /// <param name="network">The network of the attachment.</param>
    /// <param name="state">Asked only when the firewall has to be looked at or rebuilt.</param>
    public IReadOnlyList<string> SetUp(Attachment attachment, NetworkDefinition network, Func<NetworkState> state)
    {
        var note = _firewall.Ensure(network, state);
        var bridge = _bridges.Value.Ensure(network);
        var (target, inside) = NetworkNamespace.CreateOrOpen(PinPath(attachment.ContainerId));
        using (target)
        using (inside)
            _links.Value.Attach(attachment, network, bridge, target, inside);
        _firewall.Publish(attachment, network, state);
        return note is null ? [] : [note];
    }

    /// <summary>
    /// Takes a container's network down: published ports, then the pin. The kernel drops the interface pair by
    /// itself when the last process has left the namespace; nobody waits for that.
    /// </summary>
    public void TearDown(string containerId)
    {
        _firewall.Unpublish(containerId);
        NetworkNamespace.Unpin(PinPath(containerId));
    }

    /// <summary>
    /// Makes and pins a namespace with nothing but its loopback, for a container that is created now and joined to
    /// its network when it starts; one that is there is kept.
    /// </summary>
    public void CreateNetworkNamespace(string pinPath)
    {
        // Reconciliation finds pins in this directory alone.
        if (Path.GetDirectoryName(pinPath) != PinDirectory)
            throw new ArgumentException($"A pin lies in {PinDirectory}.", nameof(pinPath));
        var (target, inside) = NetworkNamespace.CreateOrOpen(pinPath);
        using (target)
        using (inside)
            ContainerLinks.BringLoopbackUp(inside);
    }

    /// <summary>Removes a network's bridge and firewall elements; the caller has made sure that nobody is attached.</summary>
    public void RemoveNetwork(NetworkDefinition network)
    {
        _firewall.Remove(network);
        _bridges.Value.Delete(network.BridgeName);
    }

    /// <summary>
    /// Removes bridges without attachment and, when nothing is attached at all, the firewall table, and puts the
    /// host's settings back. Costs a bridge's removal (15–30 ms): call it after the answer.
    /// </summary>
    public void ReleaseUnused(NetworkState remaining)
    {
        var used = remaining.UsedNetworks().Select(network => network.BridgeName).ToHashSet(StringComparer.Ordinal);
        var links = _host.Value.Links();
        foreach (var bridge in OwnBridges(links).Where(bridge => !used.Contains(bridge.Name)))
            _bridges.Value.DeleteWithPorts(bridge, links);
        if (remaining.Attachments.Count == 0)
            _firewall.Release();
    }

    /// <summary>
    /// Makes the kernel's side equal to the state: removes interfaces, pins and firewall elements of this instance
    /// that nobody knows, rebuilds what misses, releases what is no longer used.
    /// </summary>
    public ReconcileReport Reconcile(NetworkState expected)
    {
        var (removed, rebuilt, lost) = (new List<string>(), new List<string>(), new List<string>());
        // 1. Namespaces of nobody.
        var known = expected.Attachments.Select(attachment => attachment.ContainerId).ToHashSet(StringComparer.Ordinal);
        foreach (var pin in Pins().Where(pin => !known.Contains(Path.GetFileName(pin))))
        {
            NetworkNamespace.Unpin(pin);
            removed.Add($"network namespace {Path.GetFileName(pin)}");
        }
        // 2. Interfaces of nobody.
        removed.AddRange(RemoveOrphans(expected));
        // 3. Nothing attached: nothing of ours stays. Else the firewall, then bridges, then the pairs.
        if (expected.Attachments.Count == 0)
        {
            ReleaseUnused(expected);
            return new ReconcileReport(removed, rebuilt, lost);
        }
        var plan = _firewall.Reconcile(expected);
        removed.AddRange(plan.Removed);
        rebuilt.AddRange(plan.Rebuilt);
        HostSettings.EnsureForwarding();
        foreach (var network in expected.UsedNetworks())
            Rebuild(network, expected, rebuilt, lost);
        return new ReconcileReport(removed, rebuilt, lost);
    }

    /// <summary>What there is, for people; changes nothing.</summary>
    public NetworkReport Describe()
    {
        var links = _host.Value.Links();
        var addresses = _host.Value.Addresses();
        var warnings = new List<string>();
        warnings.AddRange(
            _firewall
                .Tables()
                .Chains.Where(chain => chain is { Hook: "forward", Policy: "drop", Family: "ip" or "inet" })
                .Select(chain =>
                    $"The firewall chain '{chain.Family} {chain.Table} {chain.Name}' drops forwarded packets that it "
                    + "doesn't know: allow our bridges there if containers can't be reached or can't reach out."
                )
        );
        return new NetworkReport
        {
            Table = _options.Instance,
            Firewall = _firewall.Condition(),
            IpForward = HostSettings.IpForward,
            Bridges =
            [
                .. OwnBridges(links)
                    .Select(bridge => new BridgeReport(
                        bridge.Name,
                        bridge.Up,
                        [
                            .. addresses
                                .Where(address => address.Link == bridge.Index)
                                .Select(address => address.Address),
                        ],
                        links.Count(link => link.Master == bridge.Index)
                    )),
            ],
            Warnings = warnings,
        };
    }

    /// <summary>
    /// A free /24 for a new network: overlaps no route of the host and none of <paramref name="taken"/>. The default
    /// instance takes the first; others begin elsewhere, since an idle instance has no route that would tell of it.
    /// </summary>
    public IPNetwork ChooseSubnet(IEnumerable<IPNetwork> taken) =>
        AddressPool.FreeSubnet(
            AddressPool.Default,
            taken.Concat(_host.Value.RouteDestinations()),
            InterfaceNames.Ordinal(_options.Instance)
        );

    /// <summary>Checks a subnet that a user asked for against the host's routes and <paramref name="taken"/>.</summary>
    public void CheckSubnet(IPNetwork subnet, IEnumerable<IPNetwork> taken) =>
        AddressPool.CheckSubnet(subnet, taken.Concat(_host.Value.RouteDestinations()));

    /// <summary>
    /// Checks that the ports are free, and replaces host port 0 by a free one. <paramref name="taken"/> are the ports
    /// of our other containers; the host's programs and other instances are looked up.
    /// </summary>
    /// <exception cref="Oci.Errors.PublicError"><see cref="Oci.Errors.ErrorId.PortInUse"/>, naming the owner.</exception>
    public IReadOnlyList<PublishedPort> SettlePorts(IReadOnlyList<PublishedPort> ports, IEnumerable<PortOwner> taken)
    {
        if (ports.Count == 0)
            return ports;
        List<PortOwner> owners = [.. taken, .. _firewall.PortsOfOtherInstances()];
        PortPlan.Check(ports, owners);
        var settled = new List<PublishedPort>();
        foreach (var port in ports)
        {
            if (port.HostPort != 0)
                HostListeners.Probe(port);
            // Ports asked for by number keep theirs, wherever they stand in the list.
            IEnumerable<PortOwner> own = ports.Concat(settled).Select(other => new PortOwner("", other));
            settled.Add(port.HostPort != 0 ? port : HostListeners.FindFree(port, [.. owners, .. own]));
        }
        return settled;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_host.IsValueCreated)
            _host.Value.Dispose();
        _firewall.Dispose();
    }

    private string PinDirectory => Path.Join(_options.RunRoot, "netns");

    private string[] Pins() => Directory.Exists(PinDirectory) ? Directory.GetFiles(PinDirectory) : [];

    /// <summary>By alias; by name too, since an interrupted attempt may not have come to the alias.</summary>
    private IEnumerable<Link> OwnBridges(IEnumerable<Link> links) =>
        links.Where(link =>
            link.Kind == "bridge"
            && (
                Ownership.IsOf(_options.Instance, link.Alias)
                || (link.Alias.Length == 0 && InterfaceNames.IsBridge(_options.Instance, link.Name))
            )
        );

    private List<string> RemoveOrphans(NetworkState expected)
    {
        var links = _host.Value.Links();
        var bridges = OwnBridges(links).ToDictionary(bridge => bridge.Index);
        var pairs = expected.Attachments.Select(attachment => attachment.HostIfName).ToHashSet(StringComparer.Ordinal);
        var known = expected.Networks.Select(network => network.BridgeName).ToHashSet(StringComparer.Ordinal);
        var orphans = links
            .Where(link => link.Kind == "veth" && !pairs.Contains(link.Name))
            .Where(link => bridges.ContainsKey(link.Master) || Ownership.IsOf(_options.Instance, link.Alias))
            // The kernel is removing a pair whose namespace is gone: waiting for it gains nothing.
            .Where(link => link.PeerNamespaceKnown)
            .Concat(bridges.Values.Where(bridge => !known.Contains(bridge.Name)))
            .ToList();
        var batch = new RouteBatch();
        orphans.ForEach(link => batch.DeleteLink(link.Index, link.Name));
        if (orphans.Count > 0)
            _host.Value.Execute(batch, allowed: [Errno.ENODEV]);
        return [.. orphans.Select(link => $"interface {link.Name}")];
    }

    private void Rebuild(NetworkDefinition network, NetworkState expected, List<string> rebuilt, List<string> lost)
    {
        var missed = _host.Value.FindLink(network.BridgeName) is null;
        var bridge = _bridges.Value.Ensure(network);
        if (missed)
            rebuilt.Add($"bridge {network.BridgeName}");
        var links = _host.Value.Links();
        foreach (var attachment in expected.Attachments.Where(attachment => attachment.Network == network.Name))
        {
            if (NetworkNamespace.TryOpen(PinPath(attachment.ContainerId)) is not { } target)
            {
                lost.Add(attachment.ContainerId);
                continue;
            }
            using (target)
            {
                if (_links.Value.IsAttached(attachment, bridge, links))
                    continue;
                using var inside = NetworkNamespace.InNamespace(target, () => new RouteSocket());
                _links.Value.Attach(attachment, network, bridge, target, inside);
                rebuilt.Add($"interface {attachment.HostIfName}");
            }
        }
    }
}
