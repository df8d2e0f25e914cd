namespace Vordr.Networks;

/// <summary>Asks which networks there are.</summary>
/// <param name="Caller">Who asks.</param>
public sealed record NetworksRequest(Caller Caller);

/// <summary>Asks for a new bridge network.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Name">Its name.</param>
/// <param name="Subnet">IPv4 subnet in CIDR form; drawn from the pool when null.</param>
public sealed record CreateNetworkRequest(Caller Caller, string Name, string? Subnet = null);

/// <summary>Asks for a network to be removed; it must be unused.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Name">Its name.</param>
public sealed record RemoveNetworkRequest(Caller Caller, string Name);

/// <summary>A network.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Driver">Always <c>bridge</c>.</param>
/// <param name="Subnet">Its subnet.</param>
/// <param name="Gateway">Address of the bridge.</param>
/// <param name="Bridge">Name of the host's interface.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Containers">How many containers hold an address in it.</param>
public sealed record NetworkSummary(
    string Name,
    string Driver,
    string Subnet,
    string Gateway,
    string Bridge,
    DateTimeOffset Created,
    int Containers
);
