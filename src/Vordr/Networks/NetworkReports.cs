using System.Net;

namespace Vordr.Networks;

/// <summary>What a reconciliation did; empty lists when the kernel already was as it should be.</summary>
/// <param name="Removed">Orphans that are gone, as people would name them: <c>interface vdr0123</c>.</param>
/// <param name="Rebuilt">What was missing and is there again.</param>
/// <param name="Lost">Container ids whose network can't be rebuilt, because their namespace is gone (as after a reboot).</param>
internal sealed record ReconcileReport(
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> Rebuilt,
    IReadOnlyList<string> Lost
);

/// <summary>The kernel's side of our networks, for <c>vordr doctor</c>.</summary>
internal sealed record NetworkReport
{
    /// <summary>Name of the nft table.</summary>
    public required string Table { get; init; }

    /// <summary>State of the nft table.</summary>
    public required FirewallCondition Firewall { get; init; }

    /// <summary>Whether the host forwards IPv4 packets.</summary>
    public required bool IpForward { get; init; }

    /// <summary>Bridges of this instance that exist.</summary>
    public required IReadOnlyList<BridgeReport> Bridges { get; init; }

    /// <summary>What may keep containers from being reached, in sentences for people.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>One bridge as the kernel has it.</summary>
/// <param name="Name">Interface name.</param>
/// <param name="Up">Whether it is up.</param>
/// <param name="Addresses">Its IPv4 addresses.</param>
/// <param name="Ports">How many interfaces are joined to it.</param>
internal sealed record BridgeReport(string Name, bool Up, IReadOnlyList<IPAddress> Addresses, int Ports);

/// <summary>State of our nft table.</summary>
internal enum FirewallCondition
{
    /// <summary>Not there: nothing uses it, or somebody flushed the rule set.</summary>
    Absent,

    /// <summary>There, but somebody changed its chains or rules.</summary>
    Changed,

    /// <summary>As we made it.</summary>
    Intact,
}
