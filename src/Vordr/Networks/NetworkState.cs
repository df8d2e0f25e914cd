namespace Vordr.Networks;

/// <summary>
/// What should exist, told by the database: every network, and every attachment of a container that is up. The
/// kernel's part is compared with it, rebuilt from it, and cleaned up against it.
/// </summary>
/// <param name="Networks">All networks, also those that nobody uses now.</param>
/// <param name="Attachments">Attachments of containers whose network is up, or is being brought up.</param>
internal sealed record NetworkState(IReadOnlyList<NetworkDefinition> Networks, IReadOnlyList<Attachment> Attachments)
{
    /// <summary>Nothing at all.</summary>
    public static readonly NetworkState Empty = new([], []);

    /// <summary>The network of this name; an attachment to a network that doesn't exist is a bug of the caller.</summary>
    public NetworkDefinition Network(string name) =>
        Networks.FirstOrDefault(network => network.Name == name)
        ?? throw new InvalidOperationException($"The state names no network '{name}'.");

    /// <summary>Networks that somebody is attached to.</summary>
    public IEnumerable<NetworkDefinition> UsedNetworks() =>
        Networks.Where(network => Attachments.Any(attachment => attachment.Network == network.Name));
}
