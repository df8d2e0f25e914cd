using System.Net;
using Oci.Errors;
using Vordr.Locks;

namespace Vordr.Networks;

/// <summary>Lists, makes and removes networks. The kernel's part of one is made at its first use.</summary>
internal sealed class ManageNetworks(Instance instance)
{
    public IReadOnlyList<NetworkSummary> List() =>
        instance.Database.Read(session =>
            session.Networks().ConvertAll(row => Summary(row, session.Users(row.Definition.Name)))
        );

    public async Task<NetworkSummary> CreateAsync(CreateNetworkRequest request, CancellationToken cancellation)
    {
        NetworkNames.Check(request.Name);
        var subnet = request.Subnet is { } text ? Subnet(text) : (IPNetwork?)null;
        using var held = await instance.Locks.TakeAsync(LockNames.Networks, cancellation);
        if (instance.Database.Read(session => session.FindNetwork(request.Name)) is not null)
            throw new PublicError(
                ErrorId.NetworkConflict,
                $"The network {request.Name} exists already.",
                "vordr network ls"
            );
        return Summary(new ContainerNetworks(instance).Make(request.Name, subnet), 0);
    }

    public async Task RemoveAsync(RemoveNetworkRequest request, CancellationToken cancellation)
    {
        using var held = await instance.Locks.TakeAsync(LockNames.Networks, cancellation);
        var (network, members) = instance.Database.Read(session =>
            (session.FindNetwork(request.Name), session.Members(request.Name))
        );
        if (network is null)
            throw ContainerNetworks.NotFound(request.Name);
        if (members > 0)
        {
            throw new PublicError(
                ErrorId.NetworkConflict,
                $"The network {request.Name} is used by {members} container{(members == 1 ? "" : "s")}.",
                "vordr ps -a"
            );
        }
        // The kernel's part first: killed in between, the network is still known, and is made again at its next use.
        instance.Networks.RemoveNetwork(network.Definition);
        instance.Database.Write(session => session.DeleteNetwork(request.Name));
    }

    private static IPNetwork Subnet(string text) =>
        IPNetwork.TryParse(text, out var subnet)
            ? subnet
            : throw new PublicError(ErrorId.Usage, "A subnet is written as 10.90.0.0/24.") { Pointer = "/subnet" };

    private static NetworkSummary Summary(NetworkRow row, int users) =>
        new(
            row.Definition.Name,
            "bridge",
            row.Definition.Subnet.ToString(),
            row.Definition.Gateway.ToString(),
            row.Definition.BridgeName,
            row.Created,
            users
        );
}
