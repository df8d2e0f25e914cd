using System.Net;

namespace Vordr.Networks;

/// <summary>What a <see cref="NetworkStack"/> needs to know.</summary>
/// <param name="Instance">Instance name: <c>vordr</c> or <c>vordr-1a2b3c</c>.</param>
/// <param name="RunRoot">Run root: pins of namespaces in <c>netns/</c>, memory of host settings in <c>host-settings</c>.</param>
internal sealed record NetworkStackOptions(string Instance, string RunRoot);

/// <summary>
/// The kernel's side of bridge networks: namespaces, bridges, veth pairs, published ports, host settings.
/// Everything can be called again after a crash at any step, and does what is still missing.
/// <para>
/// It acts in the network namespace of the thread that calls it first. Calls are synchronous, since each is a few
/// system calls of microseconds. Callers hold the instance's network lock over <see cref="SetUp"/>,
/// <see cref="TearDown"/>, <see cref="RemoveNetwork"/>, <see cref="ReleaseUnused"/> and <see cref="Reconcile"/>
/// together with the database transaction that the state comes from: what isn't in the state is an orphan.
/// </para>
/// </summary>
internal sealed class NetworkStack(NetworkStackOptions options) : IDisposable
{
    /// <summary>Where the network namespace of a container is pinned; this path goes into the runtime spec.</summary>
    public string PinPath(string containerId) => Path.Join(options.RunRoot, "netns", containerId);

    /// <summary>
    /// Brings a container's network up whole: host settings and firewall, bridge, namespace, interface pair,
    /// published ports. Returns notes for the user, said once (that ip_forward was switched on).
    /// </summary>
    /// <param name="attachment">The container's place, all ports settled (<see cref="SettlePorts"/>).</param>
    /// <param name="network">The network of the attachment.</param>
    /// <param name="state">Read only when the firewall is found damaged, to rebuild it whole.</param>
    public IReadOnlyList<string> SetUp(Attachment attachment, NetworkDefinition network, Func<NetworkState> state) =>
        throw new NotImplementedException();

    /// <summary>
    /// Takes a container's network down: published ports, then the pin. The kernel drops the interface pair by
    /// itself when the last process has left the namespace. Doesn't wait for that.
    /// </summary>
    public void TearDown(string containerId) => throw new NotImplementedException();

    /// <summary>Makes a namespace with its loopback up and pins it at <paramref name="pinPath"/>; keeps one that is there.</summary>
    public void CreateNetworkNamespace(string pinPath) => throw new NotImplementedException();

    /// <summary>Makes host settings, firewall and bridge of a network true; returns notes as <see cref="SetUp"/> does.</summary>
    public IReadOnlyList<string> EnsureBridge(NetworkDefinition network, Func<NetworkState> state) =>
        throw new NotImplementedException();

    /// <summary>Joins the namespace pinned for the container to the bridge, addresses and default route included.</summary>
    public void Attach(Attachment attachment, NetworkDefinition network) => throw new NotImplementedException();

    /// <summary>Publishes the attachment's ports.</summary>
    public void Publish(Attachment attachment) => throw new NotImplementedException();

    /// <summary>Removes a network's bridge and firewall entries; the caller has made sure that nobody is attached.</summary>
    public void RemoveNetwork(NetworkDefinition network) => throw new NotImplementedException();

    /// <summary>
    /// Removes bridges without attachment and, when nothing is attached at all, the table, and puts host settings
    /// back. Costs a bridge's removal (15–30 ms): call it after the answer.
    /// </summary>
    public void ReleaseUnused(NetworkState remaining) => throw new NotImplementedException();

    /// <summary>Removes what the state doesn't know (interfaces, pins, table elements) and rebuilds what it misses.</summary>
    public ReconcileReport Reconcile(NetworkState expected) => throw new NotImplementedException();

    /// <summary>What there is, for people; changes nothing.</summary>
    public NetworkReport Describe() => throw new NotImplementedException();

    /// <summary>A free /24 for a new network: overlaps no route of the host and none of <paramref name="taken"/>.</summary>
    public IPNetwork ChooseSubnet(IEnumerable<IPNetwork> taken) => throw new NotImplementedException();

    /// <summary>
    /// Checks that the ports are free, and replaces host port 0 by a free one. <paramref name="taken"/> are the ports
    /// of our other containers; the host's listeners and other instances are looked up.
    /// </summary>
    /// <exception cref="Oci.Errors.PublicError"><see cref="Oci.Errors.ErrorId.PortInUse"/>, naming the owner.</exception>
    public IReadOnlyList<PublishedPort> SettlePorts(IReadOnlyList<PublishedPort> ports, IEnumerable<PortOwner> taken) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() { }
}
