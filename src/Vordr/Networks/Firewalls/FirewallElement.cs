using System.Net;

namespace Vordr.Networks.Firewalls;

/// <summary>One element of a set or map of our table.</summary>
/// <param name="Set">Name of the set.</param>
/// <param name="Key">The key, as nft writes it: parts joined by <c> . </c>.</param>
/// <param name="Value">For a map: what it leads to.</param>
/// <param name="Owner">Whose it is: a container id, or <c>network:name</c>.</param>
internal sealed record FirewallElement(string Set, string Key, string? Value, string Owner)
{
    /// <summary>The elements that a network needs.</summary>
    public static IEnumerable<FirewallElement> Of(NetworkDefinition network)
    {
        var owner = $"network:{network.Name}";
        yield return new FirewallElement(FirewallScript.Subnets, network.Subnet.ToString(), null, owner);
        yield return new FirewallElement(FirewallScript.Homes, $"{network.Subnet} . {network.BridgeName}", null, owner);
        yield return new FirewallElement(FirewallScript.Bridges, network.BridgeName, null, owner);
    }

    /// <summary>The elements that publish a container's ports.</summary>
    public static IEnumerable<FirewallElement> Of(Attachment attachment)
    {
        foreach (var port in attachment.Ports)
        {
            // By number, as the kernel lists them: names depend on /etc/protocols.
            var protocol = port.Protocol == PortProtocol.Tcp ? 6 : 17;
            var service = $"{protocol} . {port.HostPort}";
            yield return new FirewallElement(
                port.HostIp is null ? FirewallScript.PortsAny : FirewallScript.PortsAt,
                port.HostIp is null ? service : $"{port.HostIp} . {service}",
                $"{attachment.Address} . {port.ContainerPort}",
                attachment.ContainerId
            );
        }
    }

    /// <summary>The published port that the element stands for, or null when it is something else.</summary>
    public PublishedPort? ToPort()
    {
        var key = Key.Split(" . ");
        return
            Set is FirewallScript.PortsAny or FirewallScript.PortsAt
            && Value?.Split(" . ") is [_, var inner]
            && ushort.TryParse(key[^1], out var hostPort)
            && ushort.TryParse(inner, out var containerPort)
            ? new PublishedPort
            {
                HostIp = key.Length == 3 ? IPAddress.Parse(key[0]) : null,
                HostPort = hostPort,
                ContainerPort = containerPort,
                Protocol = key[^2] == "17" ? PortProtocol.Udp : PortProtocol.Tcp,
            }
            : null;
    }
}
