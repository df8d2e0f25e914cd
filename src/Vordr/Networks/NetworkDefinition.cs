using System.Net;

namespace Vordr.Networks;

/// <summary>A bridge network, as the database remembers it. The kernel's part is made from it at first use.</summary>
public sealed record NetworkDefinition
{
    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>The bridge's interface name, from <c>InterfaceNames.Bridge</c>.</summary>
    public required string BridgeName { get; init; }

    /// <summary>IPv4 subnet; its first address is the gateway unless told otherwise.</summary>
    public required IPNetwork Subnet { get; init; }

    /// <summary>The bridge's own address, and the containers' default route.</summary>
    public required IPAddress Gateway { get; init; }
}
