using System.Net;

namespace Vordr.Networks;

/// <summary>One container's place on one bridge network, as the database remembers it.</summary>
public sealed record Attachment
{
    /// <summary>Whose it is; names the namespace's pin and is written on everything that the kernel keeps for it.</summary>
    public required string ContainerId { get; init; }

    /// <summary>Name of the <see cref="NetworkDefinition"/>.</summary>
    public required string Network { get; init; }

    /// <summary>The container's address, from <see cref="AddressPool"/>.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The host's end of the veth pair, from <c>InterfaceNames.Veth</c>.</summary>
    public required string HostIfName { get; init; }

    /// <summary>
    /// Hardware address as <c>02:57:…</c>; made from <see cref="Address"/> when left out, so that an address that is
    /// used again keeps its neighbours' caches true.
    /// </summary>
    public string? Mac { get; init; }

    /// <summary>Ports of the host that lead here.</summary>
    public IReadOnlyList<PublishedPort> Ports { get; init; } = [];
}
