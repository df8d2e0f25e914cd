using System.ComponentModel;

namespace Vordr.Client.Networks;

/// <summary>Arguments of <c>vordr_network_ls</c>: none.</summary>
public sealed record NetworkListRequest;

/// <summary>Arguments of <c>vordr_network_create</c>.</summary>
public sealed record NetworkCreateRequest
{
    /// <summary>Its name.</summary>
    [Description("Name of the new network.")]
    public required string Name { get; init; }

    /// <summary>Its IPv4 subnet in CIDR form.</summary>
    [Description("IPv4 subnet in CIDR form; without one a free subnet is chosen.")]
    public string? Subnet { get; init; }
}

/// <summary>One network.</summary>
public sealed record NetworkSummary
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>bridge</c>.</summary>
    public required string Driver { get; init; }

    /// <summary>Its IPv4 subnet in CIDR form.</summary>
    public required string Subnet { get; init; }

    /// <summary>The host's address in it.</summary>
    public required string Gateway { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Containers that hold an address in it.</summary>
    public required int Containers { get; init; }
}

/// <summary>Result of <c>vordr_network_ls</c>.</summary>
/// <param name="Networks">By name.</param>
public sealed record NetworkList(IReadOnlyList<NetworkSummary> Networks);
